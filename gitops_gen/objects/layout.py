"""The paths of the files that a render writes."""

from __future__ import annotations

import hashlib
import re

from gitops_gen.model import ObjectId

# API groups whose kinds are unique among these groups. A kind of another group may have the same
# name (Knative also has a kind "Service"), so the name of its file includes the group.
PLAIN_GROUPS = frozenset(
    {
        "",
        "admissionregistration.k8s.io",
        "apiextensions.k8s.io",
        "apiregistration.k8s.io",
        "apps",
        "autoscaling",
        "batch",
        "coordination.k8s.io",
        "discovery.k8s.io",
        "external-secrets.io",
        "monitoring.coreos.com",
        "networking.k8s.io",
        "policy",
        "rbac.authorization.k8s.io",
        "scheduling.k8s.io",
        "storage.k8s.io",
    }
)
OF_ALL = ("rendered", "argocd")
"""The folders that only renders write."""
# Common file systems allow 255 bytes in a part of a path; the rest is reserved for suffixes.
LONGEST = 200
LARGEST_FOLDER = 10_000_000
"""How many bytes of manifests Argo CD reads from one folder: the default of
reposerver.max.combined.directory.manifests.size (10M)."""


def rendered(environment: str) -> str:
    return f"rendered/{environment}"


def umbrella(environment: str) -> str:
    return f"{rendered(environment)}/umbrella"


def manifests(environment: str, component: str) -> str:
    return f"{rendered(environment)}/manifests/{component}"


def inventory(environment: str) -> str:
    return f"{rendered(environment)}/inventory"


def argocd(environment: str) -> str:
    return f"argocd/{environment}"


def apps(environment: str) -> str:
    return f"{argocd(environment)}/apps"


def owned(environment: str) -> tuple[str, str]:
    """The folders that only a render of this environment writes."""
    return rendered(environment), argocd(environment)


def manifest(identity: ObjectId) -> str:
    """The file of an object, relative to the folder of its component. The namespace is a DNS label.

    The path depends only on the object. No two objects share a file, even on a file system that
    ignores letter case; only kinds of one group that differ in letter case could, and they are
    refused. DNS names do not contain "_", and names of objects do not contain "~".
    """
    group, kind, name = identity.group, identity.kind, identity.name
    suffix = "" if group in PLAIN_GROUPS else f"_{_readable(group)}"
    file = f"{_readable(kind)}-{_readable(name)}{suffix}"
    plain = _PLAIN.fullmatch(name) and _PLAIN.fullmatch(group or "core") and _KIND.fullmatch(kind)
    if len(file) > LONGEST or not plain:
        digest = hashlib.sha256("\n".join((kind, group, name)).encode()).hexdigest()
        file = f"{file[:LONGEST]}~{digest[:16]}"
    return f"{identity.namespace}/{file}.yaml" if identity.namespace else f"{file}.yaml"


_PLAIN = re.compile(r"[a-z0-9.-]+")
# With a hyphen in the kind, the start of the name would be ambiguous.
_KIND = re.compile(r"[A-Za-z0-9]+")


def _readable(name: str) -> str:
    return re.sub(r"[^a-z0-9.-]", "-", name.lower())
