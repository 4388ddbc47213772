"""Image references in the form that the kubelet expects."""

from __future__ import annotations

from gitops_gen.model import Values


def reference(image: Values) -> str:
    tag, digest = image.get("tag"), image.get("digest")
    name = str(image["repository"])
    return name + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")
