"""Placeholders for the Secrets that the values refer to and gitops-gen does not render."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_gen.model import Values
from gitops_gen.rehearse.plan import Push

_DOCKER_CONFIG = ".dockerconfigjson"


def namespaces_and_secrets(pushes: Iterable[Push]) -> tuple[list[str], list[Values]]:
    """Returns the namespaces of these Secrets, and the Secrets with placeholder content."""
    keys: dict[tuple[str, str], set[str]] = {}
    for secret in (s for push in pushes for c in push.facts.components for s in c.secrets):
        keys.setdefault((secret.namespace, secret.name), set()).update(secret.keys)
    secrets = [_secret(*place, sorted(keys[place])) for place in sorted(keys)]
    return sorted({namespace for namespace, _ in keys}), secrets


def _secret(namespace: str, name: str, keys: Iterable[str]) -> Values:
    data = {key: '{"auths":{}}' if key == _DOCKER_CONFIG else "placeholder" for key in keys}
    secret_type = "kubernetes.io/dockerconfigjson" if _DOCKER_CONFIG in data else "Opaque"
    metadata = {"name": name, "namespace": namespace}
    head = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata}
    return {**head, "stringData": data, "type": secret_type}
