"""No output contains a secret, in any rule, any format and any command that reads values.

A marker represents the secret. It is written at every path of the schema: unchanged at paths for
secrets or their names, and in the form of a token at all other paths. It is a value, a key, or a
part of invalid YAML. No message about it may contain the marker.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gitops_gen.cli import main
from gitops_gen.components import catalogue
from gitops_gen.inputs import compose
from gitops_gen.model import dotted
from gitops_gen.report import formats

HERE = Path(__file__).parent
GOOD = HERE / "values/valid/example"
TERRAFORM = HERE.parent / "unit/terraform/outputs/valid/alone.json"
# Tokens of vendors by the ID of their form, split so that no scanner reports this file.
TOKENS: dict[str, list[str]] = json.loads((HERE.parent / "unit/secrets/tokens.json").read_text())
FORMATS = formats()
Path_ = tuple[str | int, ...]

# Keys for maps whose keys the user chooses, and paths in values that may contain anything.
NAMES = (
    *("DB_PASSWORD", "adminPassword", "stripe", "api-token"),
    *("REDIS_AUTH", "API_KEY_EU", "DB_PASS_MAIN", "DB_CREDS", "dbpasswords", "SSH_KEY", "PIN"),
)
OPEN: tuple[Path_, ...] = (
    ("adminPassword",),
    ("auth", "existingSecret"),
    ("plain", "setting"),
    ("env", 0, "value"),
    ("credentials", "smtp", "user"),
)
# Messages may show any valid name of a variable, but no text that is not a valid name.
NAMED_BY_USERS = ("secretEnv",)
SENSITIVE = re.compile(r"password|secret|credential|token|[A-Z]_(AUTH|KEY|PASS|CREDS)|PIN", re.I)


def places(schema: dict[str, Any], path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Yields every path at which a value can be written, also of maps and lists, and its type."""
    if path:
        yield path, schema.get("type", "one of" if "enum" in schema else None)
    for key, below in schema.get("properties", {}).items():
        yield from places(below, (*path, key))
    others = schema.get("additionalProperties", {})
    if isinstance(others, dict) and others:
        yield from (p for name in _names(path) for p in places(others, (*path, name)))
    elif schema.get("type") == "object" and others in ({}, True) and "properties" not in schema:
        yield from (((*path, *below), None) for below in OPEN)
    if isinstance(schema.get("items"), dict):
        yield from places(schema["items"], (*path, 0))
    for keyword in ("anyOf", "oneOf", "allOf"):
        for below in schema.get(keyword, ()):
            yield from places(below, path)


def _names(path: Path_) -> tuple[str, ...]:
    if path in (("tiers",), ("addons",)):
        return ("backend",) if path == ("tiers",) else ("shop",)
    return NAMES


TYPES = dict(places(compose(catalogue())))
PATHS = tuple(TYPES)


def is_sensitive(path: Path_) -> bool:
    """Whether the path is for secrets or their names. The name external-secrets does not count."""
    return any(SENSITIVE.search(str(part)) for part in path if part != "external-secrets")


# Secrets in values files

markers = st.builds(
    "Zq{}{}".format, st.text("bcdfghkmnpqrstvwxz", min_size=5, max_size=7), st.integers(10, 99)
)
digits = st.text("123456789", min_size=10, max_size=12)


def texts(marker: str) -> tuple[str, ...]:
    """Returns passwords like those that people choose or programs generate."""
    return (
        *(marker, f"{marker}!Pass", f"two words {marker}", f"first\n{marker}\nlast\n", marker * 8),
        *(f"{{{{{marker}", f"'{marker}", f'"{marker}\\', f"é{marker}\t", f"{marker}=="),
    )


# Tokens of a vendor have a fixed length.
REST = "0123456789abcdefABCDEF0123456789"


def tokens(marker: str) -> tuple[str, ...]:
    """Returns secrets that are recognized by their form."""
    return (
        *(f"ghp_{marker}{REST}", f"dckr_pat_{marker}{REST}"[:36], f"glpat-{marker}{REST}"),
        *(f"https://me:{marker}@git.example/x", f"https://{marker}@git.example/x"),
        *(f"--password={marker}", f"DB_PASSWORD={marker}"),
        *(f"first: 1\npassword: {marker}\n", f"Bearer 0123456789{marker}"),
        f"-----BEGIN PRIVATE KEY-----\n{marker}\n-----END PRIVATE KEY-----\n",
    )


def beside(marker: str) -> tuple[Any, ...]:
    """Returns secrets that are recognized by neighboring text or keys."""
    variable = {"name": "DB_PASSWORD", "value": marker}
    return variable, [variable], ["--password", marker], {"stringData": {"a": marker}}


def nodes(path: Path_, marker: str) -> tuple[Any, ...]:
    by_form = (*tokens(marker), *({token: "x"} for token in tokens(marker)), *beside(marker))
    if not is_sensitive(path):
        return by_form
    maps: tuple[Any, ...] = ({marker: None}, {"a": {marker: None}}, [marker], [[marker]])
    if path[-1] not in NAMED_BY_USERS:
        maps += ({marker: 1},)
    return (*texts(marker), *maps, *by_form)


def sources(path: Path_, marker: str, number: str) -> tuple[str, ...]:
    """Returns YAML text that is invalid, or that is not read as the string it looks like."""
    variable = f"{{name: DB_PASSWORD, value: !{marker} x}}"
    anywhere = (
        variable,
        f"[--password, !{marker} x]",
        f"[--password, 0{number}]",
        f"!ghp_{marker}{REST}",
    )
    if not is_sensitive(path):
        return anywhere
    return (
        *anywhere,
        *(f"!{marker} x", f"!{marker}", f"!!int {marker}", f"!<{marker}> x", f"!{marker}!x y"),
        *(f"*{marker}", f"&{marker}", f"&{marker} x", f"&{marker} {{a: *{marker}}}"),
        *(f"@{marker}", f"%{marker}", f"`{marker}", f"|{marker}", f"- {marker}", f"? {marker}"),
        *(f"{marker}: x", f"{marker} : {marker}", f'"{marker}', f"'{marker}", f'"\\{marker}"'),
        *(f"[{marker}", f"{{{marker}", f"{{{marker}}}", f"{{{marker}: 1, {marker}: 2}}"),
        *(f"{{a: ?{marker}}}", f"{{? {marker}}}", f"{{0{number}: x}}", f"{{!{marker} x: 1}}"),
        *(f"0{number}", f"{number}e7", f"0x{number}", f"1_{number}", f"{number}.50", number),
        *(f"{number}:30", f"+{number}", f"-0{number}"),
    )


@dataclass(frozen=True)
class Case:
    path: Path_
    file: str
    text: str
    marker: str
    """Asserts that the output contains no part of the secret."""


def block(path: Path_, source: str) -> str:
    lines = []
    for depth, part in enumerate(path):
        lines.append(f"{'  ' * depth}{'-' if isinstance(part, int) else f'{json.dumps(part)}:'}")
    return "\n".join(lines) + f" {source}\n"


def nested(path: Path_, value: Any) -> Any:
    for part in reversed(path):
        value = [value] if isinstance(part, int) else {part: value}
    return value


def merged(lower: Any, upper: Any) -> Any:
    if not (isinstance(lower, dict) and isinstance(upper, dict)):
        return upper
    return {**lower, **{key: merged(lower.get(key, {}), value) for key, value in upper.items()}}


@st.composite
def cases(draw: st.DrawFn) -> Case:
    path = draw(st.sampled_from(PATHS))
    marker, number = draw(markers), draw(digits)
    if draw(st.booleans()):
        source = draw(st.sampled_from(sources(path, marker, number)))
        written = number if number in source else marker
        return Case(path, "values/dev.yaml", block(path, source), written)
    node = nested(path, draw(st.sampled_from(nodes(path, marker))))
    file = draw(st.sampled_from(["values/dev.yaml", "values/clusters/dev.json"]))
    if file.endswith("json"):
        node = merged(json.loads((GOOD / file).read_text()), node)
    return Case(path, file, json.dumps(node, indent=draw(st.sampled_from([None, 2]))), marker)


# Output of commands


@contextmanager
def repository() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "repository"
        shutil.copytree(GOOD, root)
        with chdir(root):
            yield root


def said(*arguments: str) -> str:
    """Runs a command in this process and returns its complete output."""
    output = io.StringIO()
    before = signal.getsignal(signal.SIGTERM)
    with (
        redirect_stdout(output),
        redirect_stderr(output),
        patch.object(sys, "argv", ["gitops-gen", *arguments]),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    signal.signal(signal.SIGTERM, before)
    assert ended.value.code in (0, 1, 2), output.getvalue()
    return output.getvalue()


def require_unsaid(marker: str, text: str) -> None:
    # Messages may show the account ID of the example, which is also a number.
    size = 8 if marker.isdecimal() else 6
    pieces = {marker[at : at + size] for at in range(len(marker) - size + 1)}
    if marker.isdecimal():
        # A message must not show the value of the number as an octal number either.
        pieces |= {str(int(marker, 8))} if not {"8", "9"} & set(marker) else set()
    assert not any(piece in text for piece in pieces), text


@given(cases())
def test_no_command_shows_a_secret_of_the_values(case: Case) -> None:
    with repository() as root:
        (root / case.file).write_text(case.text)
        checks = {form: said("check", "--format", form) for form in FORMATS}
        for text in checks.values():
            require_unsaid(case.marker, text)
        if ": valid" not in checks["text"]:
            require_unsaid(case.marker, said("render") + said("terraform-vars", "dev"))
        require_unsaid(case.marker, said("set", "dev", "tiers.backend.image.tag=2.2.0"))
        for form in ("text", "json"):
            require_unsaid(case.marker, said("explain", "dev", dotted(case.path), "--format", form))


@st.composite
def arguments(draw: st.DrawFn) -> tuple[list[str], str]:
    """Arguments PATH=VALUE with a secret in VALUE, also with a missing '='."""
    path, marker, number = draw(st.sampled_from(PATHS)), draw(markers), draw(digits)
    sensitive = is_sensitive(path)
    # A string is an invalid secret only by its form, so YAML sources are used where any value or a
    # secret is allowed.
    as_yaml = sensitive or TYPES[path] in (None, "array", "object")
    values = (*texts(marker), *tokens(marker)) if sensitive else tokens(marker)
    values += tuple(map(json.dumps, beside(marker)[:3]))
    values += sources(path, marker, number) if as_yaml else ()
    value = draw(st.sampled_from(values))
    name = dotted(path)
    forms = [[f"{name}={value}"]]
    if sensitive:
        forms += [[name, value], [f"{name}:{value}"], [f"{name} {value}"], [name, "=", value]]
        forms += [[f"{name}: {value}"]]
    # The values of a chart may have any key.
    if sensitive and path[-1] not in NAMED_BY_USERS and "values" not in path:
        forms += [[f"{name}.{marker}=1"]]
    return draw(st.sampled_from(forms)), number if number in value else marker


@given(arguments())
@example((["argocd.repository.secretId:Zqbbbbb10=="], "Zqbbbbb10"))
@example((["tiers.backend.env.REDIS_AUTH:Zqbbbbb10=="], "Zqbbbbb10"))
@example((["platform.limitRanges.REDIS_AUTH:Zqbbbbb10"], "Zqbbbbb10"))
def test_no_argument_that_may_be_a_secret_is_shown(given: tuple[list[str], str]) -> None:
    words, marker = given
    with repository():
        require_unsaid(marker, said("set", "--", "dev", *words))
        require_unsaid(marker, said("explain", "--", "dev", *words))


@given(cases())
def test_set_shows_no_secret_that_it_replaces(case: Case) -> None:
    """A null removes the present value, or is refused."""
    with repository() as root:
        (root / case.file).write_text(case.text)
        require_unsaid(case.marker, said("set", "dev", f"{dotted(case.path)}=null"))


@st.composite
def facts(draw: st.DrawFn) -> tuple[str, str]:
    """The output of Terraform with a secret as a fact, or in addition to the facts."""
    whole, marker = json.loads(TERRAFORM.read_text()), draw(markers)
    key = draw(st.sampled_from([*whole, "db_password", "vpc", "token"]))
    node = draw(st.sampled_from(nodes((key,), marker)))
    if draw(st.booleans()) and isinstance(whole.get(key), dict):
        node = {
            **whole[key],
            draw(st.sampled_from([*whole[key], "x"])): draw(st.sampled_from(tokens(marker))),
        }
    return json.dumps({**whole, key: node}), marker


@given(facts())
def test_import_shows_no_fact_that_may_be_a_secret(given: tuple[str, str]) -> None:
    output, marker = given
    with repository() as root:
        (root / "output.json").write_text(output)
        require_unsaid(marker, said("import-cluster", "dev", "output.json"))


def test_the_tested_paths_are_those_of_the_schema() -> None:
    """Many of these paths are for secrets or their names."""
    sensitive = [path for path in PATHS if is_sensitive(path)]
    assert ("postgres", "credentials", "existingSecret") in sensitive
    assert ("tiers", "backend", "secretEnv", "stripe", "key") in sensitive
    assert ("tiers", "backend", "replicas") in PATHS
    assert len(sensitive) > 60


# The values of a built-in add-on and of a user-defined chart, and other values with any content.
OF_A_CHART = {"path": "charts/shop", "namespace": "shop"}
OPEN_PLACES: tuple[tuple[str, Path_, dict[str, Any]], ...] = (
    ("values/dev.yaml", ("tiers", "backend", "env", "COLOUR"), {}),
    ("values/dev.yaml", ("tiers", "backend", "args", 0), {}),
    ("values/dev.yaml", ("addons", "kube-prometheus-stack", "values", "plain", "setting"), {}),
    ("values/dev.yaml", ("addons", "shop", "values", "setting"), {"addons": {"shop": OF_A_CHART}}),
    ("values/clusters/dev.json", ("ingress", "securityGroups", 0), {}),
)


@pytest.mark.parametrize(("file", "path", "beside"), OPEN_PLACES, ids=lambda part: str(part)[:50])
@pytest.mark.parametrize("form", TOKENS)
def test_a_token_is_refused_in_all_values_with_any_content(
    form: str, file: str, path: Path_, beside: dict[str, Any]
) -> None:
    with repository() as root:
        lower = json.loads((root / file).read_text()) if file.endswith("json") else beside
        node = nested(path, "".join(TOKENS[form]))
        (root / file).write_text(json.dumps(merged(lower, node), indent=1))
        text = said("check")
    assert f"{dotted(path)}: contains a token ({form})" in text
    require_unsaid(TOKENS[form][-1], text)
