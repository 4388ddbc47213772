"""Field names of the API server are parsed to paths."""

from __future__ import annotations

import pytest

from gitops_gen.apicheck.field_names import path_of
from gitops_gen.model import Path

OBJECT = {
    "metadata": {"labels": {"example.org/team": "web", "0": "x"}},
    "data": {"tls.crt": "", "a/b": "", "..foo": "", "a": {"b": 1}, "a.b": ""},
    "spec": {"ports": [{"port": 80}]},
}


@pytest.mark.parametrize(
    ("field", "path"),
    [
        ("", ()),
        ("<nil>", ()),
        ("spec.ports[0].port", ("spec", "ports", 0, "port")),
        ("spec.ports[7].name", ("spec", "ports", 7, "name")),
        ("spec.template.spec.volumes[1]", ("spec", "template", "spec", "volumes", 1)),
        ("metadata.labels[example.org/team]", ("metadata", "labels", "example.org/team")),
        ("metadata.labels[0]", ("metadata", "labels", "0")),
        ("metadata.annotations[example.org/new]", ("metadata", "annotations", "example.org/new")),
        ("data[tls.crt]", ("data", "tls.crt")),
        ("data.tls.crt", ("data", "tls.crt")),
        ("data[..foo]", ("data", "..foo")),
        ("data.a/b", ("data", "a/b")),
        ("data.a.b", ("data", "a.b")),
        ("[", ("[",)),
    ],
)
def test_a_field_name_is_parsed_by_the_keys_of_its_object(field: str, path: Path) -> None:
    assert path_of(field, OBJECT) == path


def test_a_field_name_is_parsed_without_an_object() -> None:
    assert path_of("spec.replicas", None) == ("spec", "replicas")
