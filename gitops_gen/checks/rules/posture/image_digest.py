"""Images without a digest."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.pod_templates import named
from gitops_gen.checks.pods import image_digest
from gitops_gen.checks.production import is_production
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.checks.workloads import workloads
from gitops_gen.model import Rule, Severity

RULE = Rule(
    "posture-image-digest",
    title="In production, every image has a digest",
    why="A registry can return another image for the same tag. With a digest, every node runs the "
    "image that was tested.",
    remedy="Write the digest of the image beside its tag. If the registry does not allow tags "
    "to be overwritten, excuse the finding.",
    severity=Severity.NOTE,
    excusable=True,
    bad="""\
stage: production
tiers:
  web:
    image: {repository: ghcr.io/acme/web, tag: 1.4.2}""",
    good="""\
stage: production
tiers:
  web:
    image:
      repository: ghcr.io/acme/web
      tag: 1.4.2
      digest: sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    for pod in workloads(view) if is_production(view) else ():
        for path, container in pod.containers:
            if not image_digest(str(container.get("image") or "")):
                text = f"{pod.item.id}: the image of {named(path, container)} has no digest"
                yield ObjectIssue(pod.item, text, (*path, "image"))
