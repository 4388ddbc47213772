"""The fields that an API server and controllers manage in an object."""

from __future__ import annotations

from gitops_gen.model import Values

_METADATA = frozenset(
    {"managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink"}
)
_ANNOTATIONS = (
    "argocd.argoproj.io/tracking-id",
    "argocd.argoproj.io/refresh",
    "deployment.kubernetes.io/",
    "kubectl.kubernetes.io/last-applied-configuration",
    "pv.kubernetes.io/",
    "volume.kubernetes.io/",
    "volume.beta.kubernetes.io/",
)


def without_bookkeeping(value: Values) -> Values:
    """Returns an object without its status and without the server-managed metadata."""
    metadata = {k: v for k, v in value.get("metadata", {}).items() if k not in _METADATA}
    annotations = metadata.get("annotations") or {}
    kept = {k: v for k, v in annotations.items() if not k.startswith(_ANNOTATIONS)}
    metadata["annotations"] = kept or None
    return {**{k: v for k, v in value.items() if k != "status"}, "metadata": metadata}
