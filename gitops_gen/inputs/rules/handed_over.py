"""Facts that Terraform handed over and that a file written by hand contradicts.

The cluster would be rendered for what it is not, or the line would have no effect.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from gitops_gen.inputs.files import is_imported
from gitops_gen.inputs.wording import show_at
from gitops_gen.model import Document, FieldPath, Finding, Path, Related, Rule, dotted
from gitops_gen.secrets.hidden import Hidden

RULE = Rule(
    "handed-over",
    title="A values file does not contradict what Terraform handed over",
    why="The environment would be rendered for a cluster that does not exist in this form, or the "
    "line would have no effect.",
    remedy="Remove the line, or change the fact in Terraform and import it again. If the "
    "contradiction is meant, excuse the finding.",
    excusable=True,
)


def across(layers: Sequence[Document]) -> Iterator[Finding]:
    return contradictions(layers, "cluster")


def contradictions(layers: Sequence[Document], section: str) -> Iterator[Finding]:
    """Of one section; a component that Terraform has facts for asks for its own."""
    for layer, facts in beside_facts(layers):
        if section in layer.value and section in facts.value:
            written, fact = layer.value[section], facts.value[section]
            yield from _contradictions(layer, facts, written, fact, (section,))


def beside_facts(layers: Sequence[Document]) -> Iterator[tuple[Document, Document]]:
    """Each layer that is written by hand, with the facts that Terraform handed over."""
    handed_over = [layer for layer in layers if is_imported(layer.values[()].file)]
    for layer in layers:
        for facts in handed_over if layer not in handed_over else ():
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
            f"{dotted(path)}: Terraform says {_shown(facts, fact, path)} ({facts.values[path]}); "
            "remove this line, or change it in Terraform and import again"
        )
        related = (Related(facts.values[path], "what Terraform handed over"),)
        yield Finding(RULE, text, layer.values[path], field=FieldPath(path), related=related)


def _shown(facts: Document, fact: Any, path: Path) -> str:
    return "otherwise" if isinstance(fact, dict) else show_at(Hidden.of(facts.value), path, fact)
