"""The values files of an environment, and the environments of a repository."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gitops_gen.errors import InvalidInput
from gitops_gen.model import Finding, Position, Rule
from gitops_gen.revisions import Revision
from gitops_gen.secrets.places import looks_secret

VALUES_FOLDER = Rule(
    "values-folder",
    title="The folders of values can be read",
    why="gitops-gen discovers environments by listing the folder values/.",
    remedy="Run gitops-gen in the root folder of its repository, and repair the folder or file "
    "that the message names.",
)
ENVIRONMENT = Rule(
    "environment",
    title="A named environment exists",
    why="A command works on environments that have a file in values/.",
    remedy="Use one of the environments that the message lists, or create its values file first.",
)
ENVIRONMENT_NAME = Rule(
    "environment-name",
    title="An environment has a usable name",
    why="The name becomes part of file names, Applications and AppProjects.",
    remedy="Use at most 50 lower-case letters, digits and hyphens, and not a name that gitops-gen "
    "reserves.",
)

BASE = "values/base.yaml"
BASE_NAME = "base"
"""The name of values/base.yaml in arguments of commands that change values files."""
GROUPS = "values/groups"
GROUPS_KEY = "groups"
"""The key in an environment's file whose list names the groups of the environment."""
GROUP_PREFIX = "group:"
"""`group:eu` is the name of values/groups/eu.yaml in arguments of these commands."""
CLUSTERS = "values/clusters"
SCHEMA = "values/schema.json"
# Names that contain a DNS label of 50 characters stay within the limits of Kubernetes.
SAFE_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?")
# Texts that may be the name or the path of a file; messages quote no other texts.
_LIKE_A_FILE = re.compile(r"[A-Za-z0-9_./-]{0,60}")
_ASSIGNMENT = (
    "an argument (not shown: it may be a secret) is in the position of the name of an environment; "
    "write ENV first; only the command set accepts PATH=VALUE after it"
)
_NOT_SHOWN = (
    "an argument (not shown: it may be a secret) cannot be the name of an environment; "
    "use lower-case letters, digits and hyphens, at most 50"
)
# Windows reserves these names for devices, also with an extension, such as `con.yaml`.
DEVICES_OF_WINDOWS = frozenset({"aux", "con", "nul", "prn"}) | {
    f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)
}
# Names of files in values/, and of the AppProjects of Argo CD and of bootstrap.yaml: the AppProject
# of an environment has the name of the environment.
RESERVED = frozenset({"base", "bootstrap", "clusters", "default", "groups", "schema"})


def environment_file(name: str) -> str:
    return f"values/{name}.yaml"


def group_file(name: str) -> str:
    return f"{GROUPS}/{name}.yaml"


def cluster_file(name: str) -> str:
    return f"{CLUSTERS}/{name}.json"


def is_shared_name(name: str) -> bool:
    """Whether it is `base` or `group:NAME`, the name of a file that several environments share."""
    return name == BASE_NAME or name.startswith(GROUP_PREFIX)


def is_shared_file(file: str) -> bool:
    """Whether several environments may share a file. `file` may be its name in messages."""
    path = file.rpartition(":")[2]
    return path == BASE or path.startswith(f"{GROUPS}/")


def is_group_file(file: str) -> bool:
    return file.startswith(f"{GROUPS}/")


def values_file(name: str) -> str:
    """Returns the handwritten file of an environment, of `base` or of `group:NAME`."""
    if name.startswith(GROUP_PREFIX):
        return group_file(name.removeprefix(GROUP_PREFIX))
    return environment_file(name)


def input_files(name: str, groups: Iterable[str]) -> tuple[str, ...]:
    """Returns the layers of an environment that names these groups, lowest first.

    Only the last file must exist, and the groups must. `base` and `group:NAME` have no layers that
    belong to one environment.
    """
    if name == BASE_NAME:
        return (BASE,)
    if is_shared_name(name):
        return BASE, values_file(name)
    return BASE, *map(group_file, groups), cluster_file(name), environment_file(name)


def is_optional(file: str) -> bool:
    return file == BASE or file.startswith(f"{CLUSTERS}/")


def is_imported(file: str) -> bool:
    """Whether a file name in a message belongs to a layer that import-cluster writes."""
    return file.rpartition(":")[2].startswith(f"{CLUSTERS}/")


def environments(revision: Revision) -> tuple[str, ...]:
    """Returns the sorted names of all environments of a revision.

    Raises InvalidInput for a YAML file in values/ that cannot be an environment.
    """
    names = [name for name in _entries(revision) if _is_environment_file(name)]
    findings = [finding for name in names if (finding := _problem(name, revision))]
    if findings:
        raise InvalidInput(findings)
    return tuple(sorted(name.removesuffix(".yaml") for name in names))


def chosen(revision: Revision, names: Iterable[str]) -> tuple[str, ...]:
    """Returns the given environments, or all, sorted. Raises InvalidInput if one is missing."""
    existing = environments(revision)
    if not existing:
        text = "contains no environment; create values/dev.yaml, or run gitops-gen init DIR"
        raise InvalidInput.at(Position(revision.name_of("values")), text, VALUES_FOLDER)
    selected = sorted(set(names))
    for name in selected:
        require_safe(name)
        if name not in existing:
            place = Position(revision.name_of(environment_file(name)))
            raise InvalidInput.at(place, _no_such_file(name, existing), ENVIRONMENT)
    return tuple(selected) or existing


def _no_such_file(name: str, existing: tuple[str, ...]) -> str:
    from gitops_gen.inputs.wording import did_you_mean, listed

    hint = did_you_mean(name, existing)
    return f"no such file; the environments here are: {listed(existing, name)}{hint}"


def may_be_named(name: str) -> bool:
    """Whether an environment can have this name."""
    return SAFE_NAME.fullmatch(name) is not None and name not in RESERVED | DEVICES_OF_WINDOWS


def require_safe(name: str) -> None:
    """Raises InvalidInput unless `name` can be the name of an environment.

    A text that cannot be a file name may be a value in the wrong position, and is not shown.
    """
    if "=" in name:
        raise InvalidInput.at(Position("values"), _ASSIGNMENT, ENVIRONMENT)
    if looks_secret(name) or not _LIKE_A_FILE.fullmatch(name):
        raise InvalidInput.at(Position("values"), _NOT_SHOWN, ENVIRONMENT)
    if finding := _problem(f"{name}.yaml"):
        raise InvalidInput([finding])


def _entries(revision: Revision) -> tuple[str, ...]:
    if not revision.exists("values"):
        raise InvalidInput.at(
            Position(revision.name_of("values")),
            "no such folder; run gitops-gen in the root folder of its repository, or create a "
            "repository: gitops-gen init DIR",
            VALUES_FOLDER,
        )
    return revision.list("values")


def _is_environment_file(name: str) -> bool:
    is_values = name.lower().endswith((".yaml", ".yml")) and not name.startswith(".")
    return is_values and name != "base.yaml"


def _problem(file: str, revision: Revision | None = None) -> Finding | None:
    name, _, extension = file.rpartition(".")
    shown = printable_name(name)
    if extension != "yaml":
        message = f"does not have the extension .yaml; rename it to {shown}.yaml"
    elif name == "base":
        message = (
            f"'base' is not an environment: all environments share {BASE}; write one of their names"
        )
    elif name in DEVICES_OF_WINDOWS:
        message = f"'{name}' is a device on Windows, where no file can have this name; rename it"
    elif name in RESERVED:
        message = f"'{name}' is a reserved name; rename the environment"
    elif not SAFE_NAME.fullmatch(name):
        message = (
            f"'{shown}' cannot be the name of an environment; "
            "use lower-case letters, digits and hyphens, at most 50"
        )
    else:
        return None
    path = f"values/{shown}.{extension}"
    place = Position(revision.name_of(path) if revision else path)
    return Finding(ENVIRONMENT_NAME, message, place)


def printable_name(text: str) -> str:
    """Escapes control characters and bytes that are not text in a file name."""
    return text if text.isprintable() else text.encode("unicode_escape").decode("ascii")
