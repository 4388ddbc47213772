"""The generated pages of docs/ are up to date, and their defaults are correct."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gitops_gen.components import catalogue
from gitops_gen.inputs import printed_schema
from gitops_gen.inputs.schema import parts
from gitops_gen.inputs.schema_output import default_values
from tests.repository import ROOT
from tools.docs.__main__ import FILES

SCHEMA = printed_schema(catalogue())


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_up_to_date(name: str) -> None:
    # A failure prints only this message and not the difference, which is long.
    if (ROOT / name).read_text(encoding="utf-8") != FILES[name]():
        pytest.fail(f"{name} is out of date: run `make docs`", pytrace=False)


def stated(schema: Any, path: str = "") -> dict[str, tuple[Any, Any]]:
    """Returns the schemas that have a default, each with its default, by path."""
    if isinstance(schema, list):
        return {k: v for i, one in enumerate(schema) for k, v in stated(one, f"{path}/{i}").items()}
    if not isinstance(schema, dict):
        return {}
    found = {path: (schema, schema["default"])} if path and "default" in schema else {}
    for keyword, value in schema.items():
        if keyword not in ("default", "examples", "enum"):
            found |= stated(value, f"{path}/{keyword}")
    return found


# A property of the values may have the name "default". It has a schema, not a default.
DEFAULTS = {at: pair for at, pair in stated(SCHEMA).items() if not at.endswith("/properties")}


def test_the_schema_states_defaults() -> None:
    assert len(DEFAULTS) > 60


@pytest.mark.parametrize("place", DEFAULTS)
def test_a_default_is_valid(place: str) -> None:
    schema, default = DEFAULTS[place]
    assert [error.message for error in Draft202012Validator(schema).iter_errors(default)] == []


def test_every_default_of_a_component_is_stated() -> None:
    scalars = (
        (p, value) for p, value in default_values(catalogue()) if not isinstance(value, dict)
    )
    missing = [
        path
        for path, value in scalars
        if not any("default" in part for part in parts(SCHEMA, path)) and not in_free_map(path)
    ]
    assert missing == []


def in_free_map(path: tuple[str | int, ...]) -> bool:
    """Whether a map above allows any key, so that the schema does not describe its content."""
    above = (parts(SCHEMA, path[:end]) for end in range(1, len(path)))
    return any(
        "properties" not in part and part.get("type") == "object"
        for found in above
        for part in found
    )


def test_the_pages_are_linked_from_the_readme_or_the_docs() -> None:
    texts = "".join(
        Path(file).read_text() for file in (ROOT / "README.md", ROOT / "docs/values.md")
    )
    assert [name for name in FILES if Path(name).name not in texts] == []
