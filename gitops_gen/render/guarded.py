"""What a chart of the user's own must not render, whatever its templates do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gitops_gen import yaml
from gitops_gen.components.types import Component, RepositoryChart, Subchart
from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.model import Environment
from gitops_gen.render.hydrate import Rendered

_PRIVATE_KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")
_OURS = frozenset({"Application", "ApplicationSet", "AppProject"})


def require_unharmful(
    environment: Environment, component: Component, found: Sequence[Rendered]
) -> None:
    """Raises InvalidInput for a secret in plain text, for what is ours, and for nothing at all."""
    if not found and isinstance(component.source, Subchart):
        raise ToolFailed(f"Helm gave no object of {component.name}; try `gitops-gen doctor`")
    if not isinstance(component.source, RepositoryChart):
        return
    texts = list(_problems(found)) if found else ["renders no object; switch it off"]
    findings = [
        environment.finding("repository-chart", component.section, text, key=True) for text in texts
    ]
    if findings:
        raise InvalidInput(findings)


def _problems(found: Sequence[Rendered]) -> Iterator[str]:
    for item in found:
        if (item.group, item.kind) == ("", "Secret") and _holds_data(item.content):
            yield (
                f"renders {item} with its data, which would stand in Git; "
                "leave it out and name a Secret that exists (or an ExternalSecret)"
            )
        elif _PRIVATE_KEY.search(item.content):
            yield f"renders {item} with a private key in it; put that into a Secret by hand"
        if item.group == "argoproj.io" and item.kind in _OURS:
            yield f"renders {item}; argocd/ is made by gitops-gen alone"


def _holds_data(content: bytes) -> bool:
    secret = yaml.yaml_load(content)
    return bool(secret.get("data") or secret.get("stringData"))
