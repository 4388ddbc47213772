"""What runs in the Pods: the image, its variables, files and labels."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_gen.components import priorities
from gitops_gen.components.tier.mounts import Mount, mounts
from gitops_gen.components.tier.view import Tier
from gitops_gen.model import Finding

RESERVED = {
    "podLabels": re.compile(
        r"([^/]*\.)?(kubernetes\.io|k8s\.io|gitops-gen\.io|argoproj\.io|helm\.sh)/.*"
        r"|pod-template-hash|controller-uid|job-name"
    ),
    "podAnnotations": re.compile(r"([^/]*\.)?(gitops-gen\.io|argoproj\.io|helm\.sh)/.*"),
}
LARGEST_CONFIG_MAP = 1024 * 1024


def findings(tier: Tier) -> Iterator[Finding]:
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
        yield tier.finding("tier-image-tag", ("image",), message)
    elif tag == "latest":
        message = f"'latest' is another image every day; {advice}"
        yield tier.finding("tier-image-tag", ("image", "tag"), message)


def _variables(tier: Tier) -> Iterator[Finding]:
    env, secret_env = (tier.get(section, default={}) for section in ("env", "secretEnv"))
    for service, provision in tier.backing:
        written = tier.position(service.key)
        for section, variables in (("env", env), ("secretEnv", secret_env)):
            for name in sorted(variables.keys() & provision.variables.keys()):
                message = f"the {service.key} ({written}) gives it; remove it here"
                yield tier.finding("tier-env-clash", (section, name), message, key=True)
    for name in sorted(env.keys() & secret_env.keys()):
        written = tier.position("secretEnv", name, key=True)
        message = f"secretEnv ({written}) gives it too; remove one of the two"
        yield tier.finding("tier-env-clash", ("env", name), message, key=True)


def _mounts(tier: Tier) -> Iterator[Finding]:
    """Each mount is held against the earlier ones: a folder comes before what is in it, and
    the package's own before the user's, who is told."""
    seen: list[Mount] = []
    for mount in sorted(mounts(tier), key=lambda m: (m.path, tier.written(*m.section[2:]))):
        for other in seen:
            if problem := _clash(mount, other):
                written = tier.environment.position(other.section, key=True)
                message = f"'{mount.path}' {problem} ({written}); choose another path"
                path = mount.section[2:]
                yield tier.finding("tier-mount-clash", path, message, key=True)
        seen.append(mount)


def _clash(mount: Mount, other: Mount) -> str | None:
    if mount.path == other.path:
        return "is taken"
    if other.read_only and mount.path.startswith(f"{other.path}/"):
        return f"is inside '{other.path}', which is read-only"
    return None


def _file_sizes(tier: Tier) -> Iterator[Finding]:
    files = tier.get("configFiles", default={}).values()
    size = sum(len(file["content"].encode()) for file in files)
    if size > LARGEST_CONFIG_MAP:
        message = f"{size} bytes are more than a ConfigMap holds (1 MiB); put them into the image"
        yield tier.finding("tier-files-size", ("configFiles",), message)


def _reserved(tier: Tier) -> Iterator[Finding]:
    for section, pattern in RESERVED.items():
        for name in tier.get(section, default={}):
            if pattern.fullmatch(name):
                message = "reserved for Kubernetes, Argo CD, Helm and gitops-gen; use another name"
                yield tier.finding("tier-label-reserved", (section, name), message, key=True)


def _priority(tier: Tier) -> Iterator[Finding]:
    path = ("priorityClassName",)
    if text := priorities.undeclared(tier.environment, tier.get(*path)):
        yield tier.finding("tier-priority-class", path, text, warning=True)
