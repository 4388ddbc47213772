"""Reports values of the load balancer that contradict the values imported from Terraform."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gitops_gen.components.ingress.routes import NAME
from gitops_gen.inputs.rules.handed_over import RULE, contradictions, with_imported
from gitops_gen.model import Document, FieldPath, Finding, Related, dotted

PATH = (NAME, "certificateArn")
GROUPS = (NAME, "securityGroups")


def across(layers: Sequence[Document]) -> Iterator[Finding]:
    yield from contradictions(layers, NAME)
    for layer, facts in with_imported(layers):
        yield from _closed_port(layer, facts)


def _closed_port(layer: Document, facts: Document) -> Iterator[Finding]:
    """Yields a finding for a certificate that is not set in Terraform: port 443 is closed."""
    section = layer.value.get(NAME)
    by_hand = isinstance(section, dict) and section.get(PATH[-1]) is not None
    if by_hand and GROUPS in facts.values and PATH not in facts.values:
        group = facts.values[GROUPS]
        text = (
            f"{dotted(PATH)}: the certificate is not set in Terraform, so its security group "
            f"({group}) does not open port 443; set alb.certificate_arn in terraform/infra, run "
            "terraform apply, import the cluster again and remove this line"
        )
        related = (Related(group, "Terraform's security group"),)
        yield Finding(RULE, text, layer.values[PATH], field=FieldPath(PATH), related=related)
