"""What runs in the Pods: the image, its variables, files and labels."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_gen.components import priorities
from gitops_gen.components.tier.mounts import Mount, mounts
from gitops_gen.components.tier.view import Tier, tiers
from gitops_gen.model import Environment, Finding, Related, Rule, Severity

RESERVED = {
    "podLabels": re.compile(
        r"([^/]*\.)?(kubernetes\.io|k8s\.io|gitops-gen\.io|argoproj\.io|helm\.sh)/.*"
        r"|pod-template-hash|controller-uid|job-name"
    ),
    "podAnnotations": re.compile(r"([^/]*\.)?(gitops-gen\.io|argoproj\.io|helm\.sh)/.*"),
}
LARGEST_CONFIG_MAP = 1024 * 1024

IMAGE_TAG = Rule(
    "tier-image-tag",
    title="A tier's image has the tag of a release, or a digest",
    why="`latest` is moved to other images, so that Pods of one Deployment could run different "
    "ones, and a rollback would start the same image again.",
    remedy="Write the tag of a release, or the digest of the image.",
)
ENV_CLASH = Rule(
    "tier-env-clash",
    title="Each environment variable has one source",
    why="A container has each variable once: one of the two values would be lost.",
    remedy="Remove the variable from one of the two places.",
)
MOUNT_CLASH = Rule(
    "tier-mount-clash",
    title="Files and folders are not mounted over each other",
    why="Kubernetes refuses two mounts at one path, and nothing can be mounted in a read-only "
    "folder.",
    remedy="Choose another path for one of the two.",
)
FILES_SIZE = Rule(
    "tier-files-size",
    title="A tier's configuration files fit into one ConfigMap",
    why="The API server refuses a ConfigMap of more than 1 MiB.",
    remedy="Put large files into the image.",
)
LABEL_RESERVED = Rule(
    "tier-label-reserved",
    title="Pods have no labels and annotations with reserved names",
    why="Kubernetes, Argo CD, Helm and gitops-gen set these themselves, for instance to select "
    "the Pods of a Deployment.",
    remedy="Use another name, for instance one with a domain of your own.",
)
PRIORITY_CLASS = Rule(
    "tier-priority-class",
    title="A tier's PriorityClass is one of the platform's",
    why="The API server refuses Pods whose PriorityClass does not exist in the cluster.",
    remedy="Add the class to `platform.priorityClasses`. If something else makes it, excuse the "
    "finding.",
    severity=Severity.WARNING,
    excusable=True,
)


def findings(environment: Environment) -> Iterator[Finding]:
    for tier in tiers(environment):
        yield from _image(tier)
        yield from _variables(tier)
        yield from _mounts(tier)
        yield from _file_sizes(tier)
        yield from _reserved(tier)
        yield from _priority(tier)


def _image(tier: Tier) -> Iterator[Finding]:
    tag, advice = tier.get("image", "tag"), "write the tag of a release, or a digest"
    if tier.get("image", "digest") is not None:
        return
    if tag is None:
        message = f"the image has neither tag nor digest; {advice}"
        yield tier.finding(IMAGE_TAG, ("image",), message)
    elif tag == "latest":
        message = f"'latest' is another image every day; {advice}"
        yield tier.finding(IMAGE_TAG, ("image", "tag"), message)


def _variables(tier: Tier) -> Iterator[Finding]:
    env, secret_env = (tier.get(section, default={}) for section in ("env", "secretEnv"))
    for service, provision in tier.backing:
        written = tier.position(service.key)
        related = (Related(written, f"the {service.key} that gives the variable"),)
        for section, variables in (("env", env), ("secretEnv", secret_env)):
            for name in sorted(variables.keys() & provision.variables.keys()):
                message = f"the {service.key} ({written}) gives it; remove it here"
                path = (section, name)
                yield tier.finding(ENV_CLASH, path, message, key=True, related=related)
    for name in sorted(env.keys() & secret_env.keys()):
        written = tier.position("secretEnv", name, key=True)
        message = f"secretEnv ({written}) gives it too; remove one of the two"
        related = (Related(written, "the variable in secretEnv"),)
        yield tier.finding(ENV_CLASH, ("env", name), message, key=True, related=related)


def _mounts(tier: Tier) -> Iterator[Finding]:
    """Findings at mounts that clash with an earlier one.

    A folder comes before its contents, and the mounts of gitops-gen before those of the user, so
    that the finding is at the user's mount.
    """
    seen: list[Mount] = []
    for mount in sorted(mounts(tier), key=lambda m: (m.path, tier.written(*m.section[2:]))):
        for earlier in seen:
            if problem := _clash(mount, earlier):
                written = tier.environment.position(earlier.section, key=True)
                message = f"'{mount.path}' {problem} ({written}); choose another path"
                path = mount.section[2:]
                related = (Related(written, "the other mount"),)
                yield tier.finding(MOUNT_CLASH, path, message, key=True, related=related)
        seen.append(mount)


def _clash(mount: Mount, earlier: Mount) -> str | None:
    if mount.path == earlier.path:
        return "is taken"
    if earlier.read_only and mount.path.startswith(f"{earlier.path}/"):
        return f"is inside '{earlier.path}', which is read-only"
    return None


def _file_sizes(tier: Tier) -> Iterator[Finding]:
    files = tier.get("configFiles", default={}).values()
    size = sum(len(file["content"].encode()) for file in files)
    if size > LARGEST_CONFIG_MAP:
        message = f"{size} bytes are more than a ConfigMap holds (1 MiB); put them into the image"
        yield tier.finding(FILES_SIZE, ("configFiles",), message)


def _reserved(tier: Tier) -> Iterator[Finding]:
    for section, pattern in RESERVED.items():
        for name in tier.get(section, default={}):
            if pattern.fullmatch(name):
                message = "reserved for Kubernetes, Argo CD, Helm and gitops-gen; use another name"
                yield tier.finding(LABEL_RESERVED, (section, name), message, key=True)


def _priority(tier: Tier) -> Iterator[Finding]:
    path = ("priorityClassName",)
    if text := priorities.undeclared(tier.environment, tier.get(*path)):
        yield tier.finding(PRIORITY_CLASS, path, text)
