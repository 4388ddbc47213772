"""The Kubernetes object that all packages share, rendered or read from a file or a cluster."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from gitops_gen import yaml
from gitops_gen.model import ObjectId, Values


@dataclass(frozen=True, eq=False)
class KubeObject:
    """An object with its identity. Its value is parsed only when it is used.

    Parsing takes longer than everything else in a render. So `document` may be bytes whose identity
    was read without parsing (`objects.scan`).
    """

    id: ObjectId
    api_version: str
    document: bytes | Values = field(repr=False)
    """The YAML of this object alone, or its value."""
    file: str = ""
    """The path relative to the repository, with "/"; empty for an object without a file."""
    component: str = ""
    """The component whose Application syncs the object; empty for objects read from a cluster."""
    template: str = ""
    """The chart template that rendered the object, as in Helm's `# Source:`; empty if unknown."""
    parsed: Values | None = field(default=None, repr=False)
    """The value of `document`, if its bytes have already been parsed."""

    @cached_property
    def value(self) -> Values:
        """The object as plain data. Raises InvalidInput if the bytes are not YAML."""
        if self.parsed is not None:
            return self.parsed
        if isinstance(self.document, bytes):
            value: Values = yaml.yaml_load(self.document)
            return value
        return self.document

    @cached_property
    def content(self) -> bytes:
        """The YAML of this object alone: the original bytes, or its value written as YAML."""
        if isinstance(self.document, bytes):
            return self.document
        return yaml.dump_manifest(self.document).encode()

    def __str__(self) -> str:
        return str(self.id)
