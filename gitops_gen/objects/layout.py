"""The paths of the files that a render writes."""

from __future__ import annotations

import hashlib
import re

from gitops_gen.model import ObjectId

# Groups whose kinds have names that no other group here has. A kind of another group may have any
# name ("Service" is also a kind of Knative's), so that its file has the group in its name.
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
# A part of a path has 255 bytes on every file system that matters; the rest is for suffixes.
LONGEST = 200


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
    """An object's file, relative to its component's folder; the namespace is a DNS label.

    It depends on the object alone. No two objects share a file, even on a file system that ignores
    letter case; kinds of one group that differ in letter case alone could share one, and are
    refused. "_" occurs in no DNS name, and "~" in no name of an object.
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
# A hyphen in the kind would make it unclear where the name begins.
_KIND = re.compile(r"[A-Za-z0-9]+")


def _readable(name: str) -> str:
    return re.sub(r"[^a-z0-9.-]", "-", name.lower())
