"""What all manifests of Argo CD's own kinds have in common."""

from __future__ import annotations

from gitops_gen.model import Values

NAMESPACE = "argocd"
SERVER = "https://kubernetes.default.svc"
BOOTSTRAP = "bootstrap"
"""The AppProject of the root Application."""
_LABELS = {"app.kubernetes.io/managed-by": "gitops-gen"}


def metadata(name: str, wave: int | None = None, **annotations: str) -> Values:
    """The metadata of an object.

    `annotations` are Argo CD's, by their names with "_" for "-".
    """
    result: Values = {"name": name, "namespace": NAMESPACE, "labels": _LABELS}
    texts = {key.replace("_", "-"): text for key, text in annotations.items()}
    if wave is not None:
        texts["sync-wave"] = str(wave)
    if texts:
        result["annotations"] = {f"argocd.argoproj.io/{k}": v for k, v in sorted(texts.items())}
    return result


def manifest(kind: str, metadata: Values, spec: Values) -> Values:
    """An object of one of Argo CD's kinds."""
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": kind,
        "metadata": metadata,
        "spec": spec,
    }
