"""What the schema of `platform` cannot say, and which namespaces are nobody's to make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import combinations

from gitops_gen.components import catalogue, quantities
from gitops_gen.components.platform.namespaces import never_owned
from gitops_gen.components.types import Namespace
from gitops_gen.inputs.wording import show
from gitops_gen.model import Environment, Finding, Path, Severity

NAME = "platform"
OLDEST, NEWEST = 30, 37
"""The minors of Kubernetes 1 that our charts and the pinned add-ons' are made for: before 1.30
the API server refuses a container that sleeps before it stops."""
BOUNDS = ("min", "defaultRequest", "default", "max")
"""Of a LimitRange, in the order in which they must not fall."""


def findings(environment: Environment) -> Iterator[Finding]:
    yield from _version(environment)
    yield from _namespaces(environment)
    if environment.enabled(NAME):
        yield from _storage_classes(environment)
        yield from _limit_ranges(environment)
        yield from _quotas(environment)
        yield from _priority_classes(environment)
        for section in ("storageClasses", "priorityClasses"):
            yield from _defaults(environment, section)


def _version(environment: Environment) -> Iterator[Finding]:
    version = environment.get("cluster", "kubernetesVersion")
    minor = int(version.partition(".")[2])
    if not OLDEST <= minor <= NEWEST:
        text = (
            f"{version} is none of 1.{OLDEST} to 1.{NEWEST}, for which the charts are known to "
            "work; rehearse the environment before you rely on it"
        )
        path = ("cluster", "kubernetesVersion")
        yield environment.finding("kubernetes-version", path, text, severity=Severity.WARNING)


def unknown_namespaces(
    environment: Environment, namespaces: Iterable[Namespace]
) -> Iterator[Finding]:
    """Quotas and limits for a namespace that no component uses: a typo, most likely."""
    known = sorted(namespace.name for namespace in namespaces)
    for section in ("quotas", "limitRanges"):
        for name in sorted(environment.get(NAME, section, default={})):
            if name not in known:
                text = f"no component uses this namespace; those in use: {', '.join(known)}"
                yield environment.finding(
                    "platform-namespace", (NAME, section, name), text, key=True
                )


def _namespaces(environment: Environment) -> Iterator[Finding]:
    others = never_owned()
    for path in _sections_with_namespace(environment):
        name = environment.get(*path, "namespace")
        if name in others:
            text = f"'{name}' belongs to the cluster; give the application a namespace of its own"
            yield environment.finding("platform-namespace-owned", (*path, "namespace"), text)


def _sections_with_namespace(environment: Environment) -> Iterator[tuple[str, ...]]:
    for *above, last in _namespaced():
        names = sorted(environment.get(*above, default={})) if last == "*" else [last]
        for name in names:
            if environment.enabled(*above, name):
                yield (*above, name)


@cache
def _namespaced() -> tuple[tuple[str, ...], ...]:
    """The sections of first-party components whose schema has a namespace."""
    first_party = (folder for folder in catalogue() if (folder.path / "chart").is_dir())
    return tuple(one.section for one in first_party if "namespace" in one.schema["properties"])


def _storage_classes(environment: Environment) -> Iterator[Finding]:
    for name, entry in environment.get(NAME, "storageClasses", default={}).items():
        path: Path = (NAME, "storageClasses", name)
        if name == "gp2":
            text = "EKS has a class of this name, which cannot be changed; take another, gp3-retain"
            yield environment.finding("platform-storage-class", path, text, key=True)
        if "throughput" in entry and entry.get("type", "gp3") != "gp3":
            text = f"only gp3 has a throughput of its own, not {entry['type']}; remove it"
            yield environment.finding("platform-storage-class", (*path, "throughput"), text)
        if "kmsKeyId" in entry and entry.get("encrypted") is False:
            text = "a key without encryption; remove encrypted: false"
            yield environment.finding("platform-storage-class", (*path, "kmsKeyId"), text)
        if entry.get("type") in ("io1", "io2") and "iops" not in entry:
            text = f"{entry['type']} needs to be told its iops; give them"
            yield environment.finding("platform-storage-class", (*path, "iops"), text)


def _limit_ranges(environment: Environment) -> Iterator[Finding]:
    for namespace, ranges in environment.get(NAME, "limitRanges", default={}).items():
        for low, high in combinations([bound for bound in BOUNDS if bound in ranges], 2):
            for resource in sorted(ranges[low].keys() & ranges[high].keys()):
                less, more = ranges[low][resource], ranges[high][resource]
                if quantities.value(more) < quantities.value(less):
                    path = (NAME, "limitRanges", namespace, high, resource)
                    text = f"'{more}' is below {low} '{less}'; raise it or lower {low}"
                    yield environment.finding("platform-limit-range", path, text)


def _quotas(environment: Environment) -> Iterator[Finding]:
    for namespace, hard in environment.get(NAME, "quotas", default={}).items():
        for resource, amount in hard.items():
            if str(amount).endswith("m") and resource.rpartition(".")[2] != "cpu":
                text = f"{show(amount)} is in thousandths, which only cpu has; write Mi perhaps"
                path = (NAME, "quotas", namespace, resource)
                yield environment.finding("platform-quota", path, text)


def _priority_classes(environment: Environment) -> Iterator[Finding]:
    for name in environment.get(NAME, "priorityClasses", default={}):
        if name.startswith("system-"):
            text = "names that begin with 'system-' are Kubernetes' own; take another"
            path = (NAME, "priorityClasses", name)
            yield environment.finding("platform-priority-class", path, text, key=True)


def _defaults(environment: Environment, section: str) -> Iterator[Finding]:
    entries = environment.get(NAME, section, default={})
    chosen = sorted(name for name, entry in entries.items() if entry.get("default"))
    for name in chosen[1:]:
        text = f"'{chosen[0]}' is the default already; keep one"
        path = (NAME, section, name, "default")
        yield environment.finding("platform-default", path, text)
