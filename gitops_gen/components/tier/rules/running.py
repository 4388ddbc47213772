"""Rules for the Pods of a tier: the image, variables, files and labels."""

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
OF_KERNEL = ("/dev", "/proc", "/sys")
SHARED_MEMORY = "/dev/shm"  # noqa: S108  # A path in the container.
HIDES_PROGRAMS = frozenset(
    [
        *("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"),
        *("/usr", "/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib64"),
    ]
)
LARGEST_CONFIG_MAP = 1024 * 1024

IMAGE_TAG = Rule(
    "tier-image-tag",
    title="A tier's image has a release tag or a digest",
    why="The tag `latest` is mutable, so that Pods of one Deployment could run different images, "
    "and a rollback would start the same image again.",
    remedy="Use a release tag, or the digest of the image.",
)
ENV_CLASH = Rule(
    "tier-env-clash",
    title="Each environment variable has one source",
    why="A container has each variable only once, so one of the two values would have no effect.",
    remedy="Remove one of the two.",
)
MOUNT_CLASH = Rule(
    "tier-mount-clash",
    title="Files and folders are not mounted over each other",
    why="Kubernetes rejects two mounts at the same path, and a volume cannot be mounted inside a "
    "read-only folder.",
    remedy="Choose another path for one of the two.",
)
MOUNT_SYSTEM = Rule(
    "tier-mount-system",
    title="No file or folder is mounted over the system of the container",
    why="The container runtime refuses mounts in /proc, /sys and /dev, and a volume over /bin or "
    "/lib hides the programs and libraries of the image, so that the container does not start.",
    remedy="Choose another path, such as a folder below /etc, /srv or /var.",
)
FILES_SIZE = Rule(
    "tier-files-size",
    title="A tier's configuration files fit into one ConfigMap",
    why="The API server rejects a ConfigMap larger than 1 MiB.",
    remedy="Add large files to the image.",
)
LABEL_RESERVED = Rule(
    "tier-label-reserved",
    title="Labels and annotations of Pods do not have reserved names",
    why="Kubernetes, Argo CD, Helm and gitops-gen use them, for example to select the Pods of a "
    "Deployment.",
    remedy="Use another name, for example with your own domain as the prefix.",
)
PRIORITY_CLASS = Rule(
    "tier-priority-class",
    title="A tier's PriorityClass is declared in platform.priorityClasses",
    why="The API server rejects Pods whose PriorityClass does not exist in the cluster.",
    remedy="Add the class to `platform.priorityClasses`. If it is created in another way, excuse "
    "the finding.",
    severity=Severity.WARNING,
    excusable=True,
)


def findings(environment: Environment) -> Iterator[Finding]:
    for tier in tiers(environment):
        yield from _image(tier)
        yield from _variables(tier)
        yield from _mounts(tier)
        yield from _system_mounts(tier)
        yield from _file_sizes(tier)
        yield from _reserved(tier)
        yield from _priority(tier)


def _image(tier: Tier) -> Iterator[Finding]:
    tag, advice = tier.get("image", "tag"), "use a release tag or a digest"
    if tier.get("image", "digest") is not None:
        return
    if tag is None:
        environment = tier.environment
        place = environment.place(tier.at("image")).file
        files = "" if place == environment.file else f", here or in {environment.file}"
        message = f"the image has neither tag nor digest; {advice}{files}"
        yield tier.finding(IMAGE_TAG, ("image",), message)
    elif tag == "latest":
        message = f"the tag 'latest' is mutable; {advice}"
        yield tier.finding(IMAGE_TAG, ("image", "tag"), message)


def _variables(tier: Tier) -> Iterator[Finding]:
    env, secret_env = (tier.get(section, default={}) for section in ("env", "secretEnv"))
    for service, provision in tier.backing:
        written = tier.position(service.key)
        related = (Related(written, f"the key {service.key}, which sets the variable"),)
        for section, variables in (("env", env), ("secretEnv", secret_env)):
            for name in sorted(variables.keys() & provision.variables.keys()):
                message = f"the key {service.key} ({written}) already sets it; remove it here"
                path = (section, name)
                yield tier.finding(ENV_CLASH, path, message, key=True, related=related)
    for name in sorted(env.keys() & secret_env.keys()):
        written = tier.position("secretEnv", name, key=True)
        message = f"secretEnv ({written}) also sets it; remove one of the two"
        related = (Related(written, "the variable in secretEnv"),)
        yield tier.finding(ENV_CLASH, ("env", name), message, key=True, related=related)


def _mounts(tier: Tier) -> Iterator[Finding]:
    """Yields findings at mounts that conflict with an earlier one.

    Folders come before their content, and mounts of gitops-gen before those of the user, so that
    the finding is at the user's mount.
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
        return "is already mounted"
    if earlier.read_only and mount.path.startswith(f"{earlier.path}/"):
        return f"is inside '{earlier.path}', which is read-only"
    return None


def _system_mounts(tier: Tier) -> Iterator[Finding]:
    for mount in mounts(tier):
        if problem := _system_problem(mount.path):
            message = f"'{mount.path}' {problem}; choose another path"
            yield tier.finding(MOUNT_SYSTEM, mount.section[2:], message, key=True)


def _system_problem(path: str) -> str | None:
    if path in HIDES_PROGRAMS:
        return "hides the programs or libraries of the image"
    of_kernel = next((one for one in OF_KERNEL if f"{path}/".startswith(f"{one}/")), None)
    if of_kernel is None or path == SHARED_MEMORY:
        return None
    return f"is in {of_kernel}, where the container runtime mounts nothing else"


def _file_sizes(tier: Tier) -> Iterator[Finding]:
    files = tier.get("configFiles", default={}).values()
    size = sum(len(file["content"].encode()) for file in files)
    if size > LARGEST_CONFIG_MAP:
        message = f"{size} bytes are more than fit into a ConfigMap (1 MiB); add them to the image"
        yield tier.finding(FILES_SIZE, ("configFiles",), message)


def _reserved(tier: Tier) -> Iterator[Finding]:
    for section, pattern in RESERVED.items():
        for name in tier.get(section, default={}):
            if pattern.fullmatch(name):
                message = (
                    "is reserved for Kubernetes, Argo CD, Helm and gitops-gen; use another name"
                )
                yield tier.finding(LABEL_RESERVED, (section, name), message, key=True)


def _priority(tier: Tier) -> Iterator[Finding]:
    path = ("priorityClassName",)
    if text := priorities.undeclared(tier.environment, tier.get(*path)):
        yield tier.finding(PRIORITY_CLASS, path, text)
