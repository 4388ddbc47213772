"""The identity of an object without parsing is the same as with the parser, or None.

documents/plain/ contains documents like those of built-in charts, for which the result is not None.
documents/parsed/ contains similar documents that must be parsed, for which it is None.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen import yaml
from gitops_gen.errors import InvalidInput
from gitops_gen.model import ObjectId
from gitops_gen.objects.scan import identity
from gitops_gen.render.hydrate.documents import documents
from tests.repository import Repository

DOCUMENTS = Path(__file__).with_name("documents")


def parsed(content: bytes) -> tuple[ObjectId, str] | None:
    """Returns the identity according to the parser; None if the document is not an object."""
    try:
        value: Any = yaml.yaml_load(content)
    except InvalidInput:
        return None
    metadata = value.get("metadata") if isinstance(value, dict) else None
    if not isinstance(metadata, dict):
        return None
    names = (value.get("kind"), metadata.get("namespace") or "", metadata.get("name"))
    api_version = value.get("apiVersion")
    if not all(isinstance(text, str) for text in (api_version, *names)):
        return None
    return ObjectId.of(api_version, *names), api_version


@pytest.mark.parametrize("file", sorted((DOCUMENTS / "plain").iterdir()), ids=lambda f: f.stem)
def test_the_identity_is_found_without_parsing(file: Path) -> None:
    content = file.read_bytes()
    assert identity(content) is not None
    assert identity(content) == parsed(content)


@pytest.mark.parametrize("file", sorted((DOCUMENTS / "parsed").iterdir()), ids=lambda f: f.stem)
def test_the_identity_is_left_to_the_parser(file: Path) -> None:
    assert identity(file.read_bytes()) is None


def test_windows_line_ends_are_left_to_the_parser() -> None:
    content = (DOCUMENTS / "plain/deployment.yaml").read_bytes()
    assert identity(content.replace(b"\n", b"\r\n")) is None


@pytest.mark.parametrize(
    "word", ["null", "true", "yes", "on", "y", "off", "~", "12", "1e3", "0x1f"]
)
@pytest.mark.parametrize("key", ["name", "namespace", "kind", "apiVersion"])
def test_values_that_yaml_converts_are_left_to_the_parser(word: str, key: str) -> None:
    content = (DOCUMENTS / "plain/deployment.yaml").read_text()
    lines = [
        f"{line.partition(key)[0]}{key}: {word}" if line.strip().startswith(f"{key}:") else line
        for line in content.splitlines()
    ]
    assert identity("\n".join(lines).encode() + b"\n") is None


def test_all_objects_of_built_in_charts(rendered: Repository, variations: Repository) -> None:
    seen = 0
    for repository in (rendered, variations):
        for path in repository.path("rendered").glob("*/manifests/**/*.yaml"):
            content = path.read_bytes()
            found = identity(content)
            assert found is not None, f"{path} is slow to read"
            assert found == parsed(content)
            seen += 1
    assert seen > 200


LINES = st.sampled_from(Path(__file__).with_name("lines.txt").read_text().split("\n"))


@given(st.lists(LINES, min_size=4, max_size=12))
def test_any_lines(lines: list[str]) -> None:
    content = ("\n".join(lines) + "\n").encode()
    found = identity(content)
    assert found is None or found == parsed(content)


HEAD = b"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"


@given(st.lists(LINES, max_size=8), st.integers(0, 4))
def test_any_lines_after_a_valid_beginning(lines: list[str], at: int) -> None:
    head = HEAD.decode().splitlines()
    content = "\n".join([*head[:at], *lines, *head[at:]]).encode() + b"\n"
    found = identity(content)
    if found is not None and parsed(content) is not None:
        assert found == parsed(content)


def test_every_document_of_helm_is_found() -> None:
    output = b"---\n# Source: a/templates/x.yaml\n" + HEAD + b"---\n# Source: a/b.yaml\n" + HEAD
    assert [(chunk.template, chunk.content) for chunk in documents(output)] == [
        ("a/templates/x.yaml", HEAD),
        ("a/b.yaml", HEAD),
    ]
