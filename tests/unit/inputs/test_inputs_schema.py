"""The two forms of the schema, for editors and for Helm."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from gitops_gen import yaml
from gitops_gen.components import catalogue
from gitops_gen.inputs import compose, layer_form, schema_file
from gitops_gen.inputs.generator import THIS_VERSION
from gitops_gen.inputs.schema import without_hints
from gitops_gen.model import Path as ValuePath

REPOSITORY = Path(__file__).parents[3]
WHOLE = without_hints(compose(catalogue()))
LAYER = layer_form(WHOLE)
COMPOSED = compose(catalogue())
EDITORS = json.loads(schema_file(catalogue()))
FORMS = pytest.mark.parametrize("form", [WHOLE, LAYER], ids=["merged", "layer"])

# Keywords of both draft-07 (yaml-language-server) and 2020-12 (Helm).
SHARED = frozenset(
    [
        *("title", "description", "examples", "default", "type", "enum", "const"),
        *("properties", "patternProperties", "additionalProperties", "propertyNames"),
        *("required", "minProperties", "maxProperties", "items", "minItems", "maxItems"),
        *("uniqueItems", "pattern", "format", "minLength", "maxLength", "minimum", "maximum"),
        *("exclusiveMinimum", "exclusiveMaximum", "anyOf", "oneOf", "allOf", "not"),
        *("if", "then", "else"),
    ]
)
LISTS = ("anyOf", "oneOf", "allOf")
SINGLE = ("items", "additionalProperties", "propertyNames", "not", "if", "then", "else")
Part = tuple[ValuePath, dict[str, Any]]


def below(schema: dict[str, Any], path: ValuePath = ()) -> Iterator[Part]:
    """Yields every schema inside a schema with its path."""
    yield path, schema
    for keyword in ("properties", "patternProperties"):
        for key, part in schema.get(keyword, {}).items():
            yield from below(part, (*path, key))
    for keyword in SINGLE:
        if isinstance(schema.get(keyword), dict):
            yield from below(schema[keyword], (*path, f"<{keyword}>"))
    for keyword in LISTS:
        for index, part in enumerate(schema.get(keyword, ())):
            yield from below(part, (*path, f"<{keyword}>", index))


def properties(schema: dict[str, Any]) -> Iterator[Part]:
    for path, part in below(schema):
        for key, inner in part.get("properties", {}).items():
            yield (*path, key), inner


def test_both_forms_are_schemas() -> None:
    Draft202012Validator.check_schema(WHOLE)
    Draft7Validator.check_schema(LAYER)


@FORMS
def test_every_key_has_a_description(form: dict[str, Any]) -> None:
    texts = {path: part.get("description", "") for path, part in properties(form)}
    assert [path for path, text in texts.items() if not text or "\n" in text] == []


@FORMS
def test_only_keywords_that_both_drafts_know(form: dict[str, Any]) -> None:
    used = {keyword for path, part in below(form) for keyword in part if path}
    assert used <= SHARED


@FORMS
def test_every_example_is_valid(form: dict[str, Any]) -> None:
    for path, part in below(form):
        for example in part.get("examples", ()):
            assert not list(Draft7Validator(part).iter_errors(example)), (path, example)


@FORMS
def test_a_map_describes_all_of_its_keys(form: dict[str, Any]) -> None:
    """Otherwise typos would be ignored. Only the values of an add-on may have any key."""
    opened = {
        path
        for path, part in below(form)
        if "object" in part.get("type", ()) and "additionalProperties" not in part
    }
    assert {path[-1] for path in opened} <= {"values"}
    assert {path[0] for path in opened} <= {"addons"}


def test_null_is_allowed_where_a_layer_may_remove_a_value() -> None:
    outside_lists = [(path, part) for path, part in below(LAYER) if "<items>" not in path]
    refused = [
        path
        for path, part in outside_lists
        if path and "<propertyNames>" not in path and not Draft7Validator(part).is_valid(None)
    ]
    assert refused == []


LAYERS = [*REPOSITORY.glob("values/*.yaml"), *REPOSITORY.glob("values/clusters/*.json")]


@pytest.mark.parametrize("file", sorted(LAYERS), ids=lambda path: path.name)
def test_each_layer_of_the_example_alone_is_valid_by_the_layer_form(file: Path) -> None:
    layer = yaml.parse(file.read_bytes(), file.name).value
    assert [error.message for error in Draft7Validator(LAYER).iter_errors(layer)] == []


@pytest.mark.parametrize(
    "layer",
    [
        {"tires": {}},
        {"tiers": {"web": {"replica": 2}}},
        {"tiers": {"web": {"replicas": "2"}}},
        {"ingress": {"scheme": "public"}},
    ],
)
def test_the_layer_form_finds_typos(layer: dict[str, Any]) -> None:
    assert not Draft7Validator(LAYER).is_valid(layer)


def test_the_example_has_the_present_version() -> None:
    assert WHOLE["properties"]["generator"]["examples"] == [THIS_VERSION]


def test_the_schema_file_is_the_same_each_time() -> None:
    assert schema_file(catalogue()) == schema_file(catalogue())


def test_hints_are_about_keys_that_do_not_exist() -> None:
    parts_with_hints = [(path, part) for path, part in below(COMPOSED) if "hints" in part]
    existing = [
        (path, key)
        for path, part in parts_with_hints
        for key in part["hints"].keys() & part["properties"].keys()
    ]
    assert parts_with_hints
    assert existing == []


@pytest.mark.parametrize("value", [8080, True], ids=["integer", "boolean"])
def test_editors_accept_unquoted_values_of_variables(value: object) -> None:
    values = {"tiers": {"web": {"env": {"PORT": value}}}}
    assert Draft7Validator(EDITORS).is_valid(values)


def test_editors_accept_an_unquoted_value_only_if_the_pattern_admits_it() -> None:
    editors = Draft7Validator(EDITORS)
    cpu = {"resources": {"requests": {"cpu": 1}}}
    assert editors.is_valid({"tiers": {"web": cpu}})
    assert not editors.is_valid({"tiers": {"web": {"resources": {"requests": {"cpu": True}}}}})
    assert not editors.is_valid({"tiers": {"web": {"path": 8080}}})
