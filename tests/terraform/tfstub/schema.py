"""Reconstructs the schema of a provider from its generated JavaScript bindings.

For each attribute, a class of the bindings contains a comment (computed, optional or required) and
a getter, which has the type. A function next to the class contains the form in HCL: a block or an
attribute, a list or a set, write-only or not. The schema consists of both.

    {"attributes": {name: {"type": …, "computed": …, …}}, "blocks": {name: {"nesting": …, …}}}

An attribute has a `type` in Terraform's JSON notation, or a `nested` block of attributes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, TypeAlias

Type: TypeAlias = str | list[Any]
Block: TypeAlias = dict[str, Any]

_CLASS = re.compile(r"^class (\w+) extends cdktn\.(\w+) \{$", re.M)
_FUNCTION = re.compile(r"^function (\w+)ToHclTerraform\(struct\) \{(.*?)^\}", re.S | re.M)
_ATTRIBUTE = re.compile(
    r"^    // (\w+) - computed: (true|false), optional: (true|false), required: (true|false)\n"
    r"(.*?)(?=^    // \w+ - computed|^    // ====|^\})",
    re.S | re.M,
)
_MEMBER = re.compile(r'= new ([\w.]+)\(this, "\w+"(?:, (true|false))?\)')
_HCL = re.compile(
    r"^\s+(\w+): \{\s+value: (.*?),\s+isBlock: (true|false),\s+"
    r'type: "(\w+)",\s+storageClassType: "(\w+)"',
    re.S | re.M,
)

_SIMPLE = {"string": "string", "number": "number", "boolean": "bool", "any": "dynamic"}
_GETTERS: dict[str, Type] = {
    "getStringAttribute": "string",
    "getNumberAttribute": "number",
    "getBooleanAttribute": "bool",
    "getStringMapAttribute": ["map", "string"],
    "getNumberMapAttribute": ["map", "number"],
    "getBooleanMapAttribute": ["map", "bool"],
    "getListAttribute": ["list", "string"],
    "getNumberListAttribute": ["list", "number"],
}
# These two are arguments of Terraform itself; the bindings list them as the provider's.
_META = {"alias", "depends_on"}
_TOP = {
    "TerraformResource",
    "TerraformDataSource",
    "TerraformEphemeralResource",
    "TerraformProvider",
}


@dataclass(frozen=True, slots=True)
class _Hcl:
    value: str
    block: bool
    kind: str
    storage: str

    @property
    def write_only(self) -> bool:
        return "markWriteOnlyAttribute" in self.value

    @property
    def struct(self) -> str:
        found = re.search(r"(\w+)ToHclTerraform", self.value.replace("cdktn.", ""))
        return found.group(1) if found else ""


@dataclass(frozen=True, slots=True)
class _Attribute:
    computed: bool
    optional: bool
    required: bool
    member: str
    is_set: bool
    body: str


@dataclass(frozen=True, slots=True)
class _Class:
    name: str
    base: str
    body: str
    attributes: dict[str, _Attribute]


class Module:
    """One index.js of the bindings."""

    def __init__(self, text: str, *, nested_attributes: bool) -> None:
        # Providers with the plugin framework have objects as attributes, others as blocks.
        self._nested_attributes = nested_attributes
        self._classes = {found.name: found for found in _classes(text)}
        self._structs = {
            match.group(1).lower(): _hcl(match.group(2)) for match in _FUNCTION.finditer(text)
        }

    def block(self) -> Block:
        (top,) = (found for found in self._classes.values() if found.base in _TOP)
        written = _hcl(top.body[top.body.index("synthesizeHclAttributes") :])
        if top.base == "TerraformProvider":
            return self._written(written)
        return self._block(top, written)

    def _block(self, found: _Class, written: dict[str, _Hcl]) -> Block:
        block: Block = {"attributes": {}, "blocks": {}}
        for name, attribute in found.attributes.items():
            hcl = written.get(name)
            if hcl and hcl.block and not attribute.computed and attribute.member in self._classes:
                self._add(block, name, attribute, hcl)
            else:
                block["attributes"][name] = self._attribute(attribute, hcl)
        return block

    def _add(self, block: Block, name: str, attribute: _Attribute, hcl: _Hcl) -> None:
        """Returns a block or, in newer providers, an attribute with objects (written with `=`)."""
        member = self._classes[attribute.member]
        many = member.base in ("ComplexList", "ComplexMap")
        body = self._body(attribute.member)
        nesting = "single" if hcl.kind == "struct" else hcl.kind
        if self._is_attribute(hcl):
            flags = _flags(attribute, hcl)
            block["attributes"][name] = {"nested": body, "nesting": nesting, **flags}
            return
        limits = {} if nesting == "single" else {"min": int(attribute.required)}
        if not many and nesting != "single":
            limits["max"] = 1
        block["blocks"][name] = {"block": body, "nesting": nesting, **limits}

    def _is_attribute(self, hcl: _Hcl) -> bool:
        if hcl.kind == "struct":
            return self._nested_attributes
        return re.search(r"ToHclTerraform, false\)", hcl.value) is not None

    def _body(self, member: str) -> Block:
        name = re.sub(r"(List|Map|OutputReference)$", "", member)
        found = self._classes.get(f"{name}OutputReference") or self._classes[member]
        return self._block(found, self._structs.get(name.lower(), {}))

    def _written(self, written: dict[str, _Hcl]) -> Block:
        """Returns the provider's configuration, which has no getters and is completely optional."""
        block: Block = {"attributes": {}, "blocks": {}}
        for name, hcl in written.items():
            if name in _META:
                continue
            if not hcl.block:
                block["attributes"][name] = {"type": _written_type(hcl), "optional": True}
                continue
            body = self._written(self._structs[hcl.struct.lower()])
            nesting = "single" if hcl.kind == "struct" else hcl.kind
            if self._nested_attributes:
                nested = {"nested": body, "nesting": nesting, "optional": True}
                block["attributes"][name] = nested
            else:
                block["blocks"][name] = {"block": body, "nesting": nesting}
        return block

    def _attribute(self, attribute: _Attribute, hcl: _Hcl | None) -> dict[str, Any]:
        return {"type": self._type(attribute, hcl), **_flags(attribute, hcl)}

    def _type(self, attribute: _Attribute, hcl: _Hcl | None) -> Type:
        if attribute.member in self._classes:
            return self._object_type(attribute)
        if attribute.member.startswith("cdktn."):
            return _collection_type(attribute)
        if hcl and not hcl.block:
            return _written_type(hcl)
        return _read_type(attribute)

    def _object_type(self, attribute: _Attribute) -> Type:
        name = re.sub(r"(List|Map|OutputReference)$", "", attribute.member)
        fields = self._classes[f"{name}OutputReference"].attributes
        item: Type = ["object", {key: self._type(value, None) for key, value in fields.items()}]
        base = self._classes[attribute.member].base
        if base == "ComplexMap":
            return ["map", item]
        return ["set" if attribute.is_set else "list", item] if base == "ComplexList" else item


def _classes(text: str) -> list[_Class]:
    found = list(_CLASS.finditer(text))
    ends = [match.start() for match in found[1:]] + [len(text)]
    return [
        _Class(match.group(1), match.group(2), body, _attributes(body))
        for match, end in zip(found, ends, strict=True)
        if (body := text[match.start() : end])
    ]


def _attributes(body: str) -> dict[str, _Attribute]:
    attributes = {}
    for match in _ATTRIBUTE.finditer(body):
        member = _MEMBER.search(match.group(5))
        attributes[match.group(1)] = _Attribute(
            computed=match.group(2) == "true",
            optional=match.group(3) == "true",
            required=match.group(4) == "true",
            member=member.group(1) if member else "",
            is_set=bool(member and member.group(2) == "true"),
            body=match.group(5),
        )
    return {name: value for name, value in attributes.items() if name not in _META}


def _hcl(text: str) -> dict[str, _Hcl]:
    return {
        match.group(1): _Hcl(match.group(2), match.group(3) == "true", match.group(4), match[5])
        for match in _HCL.finditer(text)
    }


def _flags(attribute: _Attribute, hcl: _Hcl | None) -> dict[str, bool]:
    flags = {
        "computed": attribute.computed,
        "optional": attribute.optional,
        "required": attribute.required,
        "write_only": bool(hcl and hcl.write_only),
    }
    return {name: True for name, holds in flags.items() if holds}


def _written_type(hcl: _Hcl) -> Type:
    match = re.match(r"(string|number|boolean|any)(List|Map)?$", hcl.storage)
    simple = _SIMPLE[match.group(1)] if match else "dynamic"
    return [hcl.kind, simple] if hcl.kind in ("list", "set", "map") else simple


def _read_type(attribute: _Attribute) -> Type:
    for getter, kind in _GETTERS.items():
        if f".{getter}(" in attribute.body:
            return ["set", *kind[1:]] if "Fn.tolist" in attribute.body else kind
    return "dynamic"


def _collection_type(attribute: _Attribute) -> Type:
    name = attribute.member.removeprefix("cdktn.")
    match = re.match(r"(String|Number|Boolean|Any)(Map)(List)?$", name)
    if not match:
        return "dynamic"
    inner: Type = ["map", _SIMPLE[match.group(1).lower()]]
    return ["set" if attribute.is_set else "list", inner] if match.group(3) else inner
