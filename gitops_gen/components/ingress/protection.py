"""The deletion protection of the load balancer, which two keys can enable."""

from __future__ import annotations

from gitops_gen.components.ingress.routes import NAME
from gitops_gen.model import Environment, Path

ATTRIBUTE = "deletion_protection.enabled"


def protected_by(environment: Environment) -> Path | None:
    """Returns the path of the value that enables deletion protection; None if it is disabled."""
    attribute = environment.get(NAME, "attributes", ATTRIBUTE)
    if attribute is not None:
        return (NAME, "attributes", ATTRIBUTE) if attribute == "true" else None
    return (NAME, "deletionProtection") if environment.get(NAME, "deletionProtection") else None
