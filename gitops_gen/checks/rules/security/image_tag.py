"""Images whose content can change without a commit."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.pod_templates import named
from gitops_gen.checks.pods import image_digest, image_tag
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.checks.workloads import workloads
from gitops_gen.model import Rule, Severity

RULE = Rule(
    "security-image-tag",
    title="Every image has a fixed tag or a digest",
    why="Two nodes can run different programs under the tag `latest`, no commit shows the change, "
    "and a rollback does not restore the old program.",
    remedy="Write the version as the tag, and preferably also the digest. If the tag must move, "
    "excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
    bad="""\
kind: Deployment
spec:
  template:
    spec:
      containers: [{name: web, image: "ghcr.io/acme/web:latest"}]""",
    good="""\
kind: Deployment
spec:
  template:
    spec:
      containers: [{name: web, image: "ghcr.io/acme/web:1.4.2"}]""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    for pod in workloads(view):
        for path, container in pod.containers:
            image = str(container.get("image") or "")
            if image and not image_digest(image) and image_tag(image) in ("", "latest"):
                tag = "the tag latest" if image_tag(image) else "no tag"
                text = f"{pod.item.id}: the image of {named(path, container)} has {tag}"
                yield ObjectIssue(pod.item, f"{text} and no digest", (*path, "image"))
