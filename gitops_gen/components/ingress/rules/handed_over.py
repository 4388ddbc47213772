"""Facts of the load balancer that Terraform handed over and that a file written by hand
contradicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gitops_gen.components.ingress.routes import NAME
from gitops_gen.inputs.rules.handed_over import RULE, beside_facts, contradictions
from gitops_gen.model import Document, FieldPath, Finding, Related, dotted

PATH = (NAME, "certificateArn")
GROUPS = (NAME, "securityGroups")


def across(layers: Sequence[Document]) -> Iterator[Finding]:
    yield from contradictions(layers, NAME)
    for layer, facts in beside_facts(layers):
        yield from _closed_port(layer, facts)


def _closed_port(layer: Document, facts: Document) -> Iterator[Finding]:
    """Terraform's security group opens 443 only for a certificate that Terraform knows."""
    section = layer.value.get(NAME)
    by_hand = isinstance(section, dict) and section.get(PATH[-1]) is not None
    if by_hand and GROUPS in facts.values and PATH not in facts.values:
        group = facts.values[GROUPS]
        text = (
            f"{dotted(PATH)}: Terraform knows of no certificate, so its security group ({group}) "
            "has 443 closed; set alb.certificate_arn in terraform/infra, apply, import again and "
            "remove this line"
        )
        related = (Related(group, "Terraform's security group"),)
        yield Finding(RULE, text, layer.values[PATH], field=FieldPath(PATH), related=related)
