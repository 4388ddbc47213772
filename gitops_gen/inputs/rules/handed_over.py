"""Reports values that contradict the values imported from Terraform."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from gitops_gen.inputs.files import is_imported
from gitops_gen.inputs.wording import show_at
from gitops_gen.model import Document, FieldPath, Finding, Path, Related, Rule, dotted
from gitops_gen.secrets.hidden import Hidden

RULE = Rule(
    "handed-over",
    title="A values file does not contradict the values imported from Terraform",
    why="The environment would be rendered for a cluster that does not exist in this form, or the "
    "line would have no effect.",
    remedy="Remove the line, or change the value in Terraform and import the cluster again. If the "
    "difference is intended, excuse the finding.",
    excusable=True,
)


def across(layers: Sequence[Document]) -> Iterator[Finding]:
    return contradictions(layers, "cluster")


def contradictions(layers: Sequence[Document], section: str) -> Iterator[Finding]:
    """Yields findings about one section. Components call this for their own sections."""
    for layer, facts in with_imported(layers):
        if section in layer.value and section in facts.value:
            written, fact = layer.value[section], facts.value[section]
            yield from _contradictions(layer, facts, written, fact, (section,))


def with_imported(layers: Sequence[Document]) -> Iterator[tuple[Document, Document]]:
    """Yields each handwritten layer together with the layer imported from Terraform."""
    imported = [layer for layer in layers if is_imported(layer.values[()].file)]
    for layer in layers:
        for facts in imported if layer not in imported else ():
            yield layer, facts


def _contradictions(
    layer: Document, facts: Document, written: Any, fact: Any, path: Path
) -> Iterator[Finding]:
    if isinstance(written, dict) and isinstance(fact, dict):
        for key in written:
            if key in fact:
                yield from _contradictions(layer, facts, written[key], fact[key], (*path, key))
    elif written != fact:
        text = (
            f"{dotted(path)}: differs from the value imported from Terraform"
            f"{_shown(facts, fact, path)} ({facts.values[path]}); "
            "remove this line, or change it in Terraform and import the cluster again"
        )
        related = (Related(facts.values[path], "the value imported from Terraform"),)
        yield Finding(RULE, text, layer.values[path], field=FieldPath(path), related=related)


def _shown(facts: Document, fact: Any, path: Path) -> str:
    return "" if isinstance(fact, dict) else f", {show_at(Hidden.of(facts.value), path, fact)}"
