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

SECTIONS = ("cluster", "ingress")
"""Those of the values that Terraform has facts for."""


def across(layers: Sequence[Document]) -> Iterator[Finding]:
    handed = [layer for layer in layers if _is_handed_over(layer)]
    for layer in layers:
        for facts in handed if layer not in handed else ():
            yield from _closed_listeners(layer, facts)
            for section in SECTIONS:
                if section in layer.value and section in facts.value:
                    written, fact = layer.value[section], facts.value[section]
                    yield from _contradictions(layer, facts, written, fact, (section,))


def _closed_listeners(layer: Document, facts: Document) -> Iterator[Finding]:
    """The security group of Terraform's opens 443 only for a certificate that Terraform knows."""
    handed, written = (one.value.get("ingress") for one in (facts, layer))
    path = ("ingress", "certificateArn")
    if not (isinstance(handed, dict) and isinstance(written, dict)) or written.get(path[1]) is None:
        return
    if "securityGroups" in handed and path[1] not in handed:
        group = facts.values["ingress", "securityGroups"]
        text = (
            f"{dotted(path)}: Terraform knows of no certificate, so its security group ({group}) "
            "has 443 closed; set alb.certificate_arn in terraform/infra, apply, import again and "
            "remove this line"
        )
        related = (Related(group, "Terraform's security group"),)
        yield Finding(RULE, text, layer.values[path], field=FieldPath(path), related=related)


def _is_handed_over(layer: Document) -> bool:
    return is_imported(layer.values[()].file)


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
