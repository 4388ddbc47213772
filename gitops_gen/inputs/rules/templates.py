"""Go template markers where nothing is a template: they would reach the cluster as they are."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_gen.inputs.walk import scalars
from gitops_gen.model import Environment, Finding, Path

# Texts that other programs read, with templates of their own: an add-on's chart values
# (alert texts), the content of a tier's configuration files.
FREE_TEXT = frozenset({"values", "content"})


def findings(environment: Environment) -> Iterable[Finding]:
    for path, value in scalars(environment.values):
        if isinstance(value, str) and "{{" in value and not _free_text(path):
            message = "'{{' is not a template here and would be used as it stands; write the value"
            yield environment.finding("template-marker", path, message)


def _free_text(path: Path) -> bool:
    return any(part in FREE_TEXT for part in path)
