"""Which files an environment is made of, and which environments there are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gitops_gen.errors import InvalidInput
from gitops_gen.model import Finding, Position, Rule, Severity
from gitops_gen.revisions import Revision
from gitops_gen.secrets.places import looks_secret

VALUES_FOLDER = Rule(
    "values-folder",
    title="The folders of values can be read",
    why="Environments are found by listing the folder values/; without it nothing is known about "
    "the repository.",
    remedy="Run gitops-gen at the top of its repository, and repair the folder or file that the "
    "message names.",
)
ENVIRONMENT = Rule(
    "environment",
    title="A named environment exists",
    why="A command works on environments that have a file in values/.",
    remedy="Name one of the environments that the message lists, or write its values file first.",
)
ENVIRONMENT_NAME = Rule(
    "environment-name",
    title="An environment has a usable name",
    why="The name becomes part of file names, Applications and AppProjects.",
    remedy="Use lower-case letters, digits and hyphens, at most 50, and no name that gitops-gen "
    "uses itself.",
)
STRAY_FILE = Rule(
    "stray-file",
    title="Every file in values/clusters/ belongs to an environment",
    why="A file whose environment does not exist is not read, which is easy to overlook.",
    remedy="Rename the file after its environment, or remove it.",
    severity=Severity.WARNING,
)

BASE = "values/base.yaml"
CLUSTERS = "values/clusters"
SCHEMA = "values/schema.json"
# No DNS label of 50 characters needs shortening where it becomes a part of a name.
SAFE_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?")
# The texts that may be the name or the path of a file: messages quote no other.
_LIKE_A_FILE = re.compile(r"[A-Za-z0-9_./-]{0,60}")
_ASSIGNMENT = (
    "an argument (not shown: it may be a secret) stands where the name of an environment is "
    "expected; ENV comes first, and only the command set takes PATH=VALUE after it"
)
_NOT_SHOWN = (
    "an argument (not shown: it may be a secret) cannot be the name of an environment; "
    "use lower-case letters, digits and hyphens, at most 50"
)
# Names of files in values/, and of AppProjects of Argo CD and of the bootstrap: an environment's
# AppProject has its name.
RESERVED = frozenset({"base", "bootstrap", "clusters", "default", "schema"})


def environment_file(name: str) -> str:
    return f"values/{name}.yaml"


def cluster_file(name: str) -> str:
    return f"{CLUSTERS}/{name}.json"


def input_files(name: str) -> tuple[str, str, str]:
    """The environment's layers of the repository, lowest first; the first two may be absent."""
    return BASE, cluster_file(name), environment_file(name)


def is_optional(file: str) -> bool:
    return file == BASE or file.startswith(f"{CLUSTERS}/")


def is_imported(file: str) -> bool:
    """Whether a message's name of a file is that of a layer which import-cluster writes."""
    return file.rpartition(":")[2].startswith(f"{CLUSTERS}/")


def environments(revision: Revision) -> tuple[str, ...]:
    """The names of all environments of a revision, sorted.

    Raises InvalidInput for a file in values/ that cannot be one, rather than leave it out.
    """
    names = [name for name in _entries(revision) if _is_environment_file(name)]
    findings = [finding for name in names if (finding := _problem(name, revision))]
    if findings:
        raise InvalidInput(findings)
    return tuple(sorted(name.removesuffix(".yaml") for name in names))


def chosen(revision: Revision, names: Iterable[str]) -> tuple[str, ...]:
    """The named environments, or all of them, sorted. Raises InvalidInput for a missing one."""
    existing = environments(revision)
    if not existing:
        text = "holds no environment; write values/dev.yaml, or begin with gitops-gen init DIR"
        raise InvalidInput.at(Position(revision.name_of("values")), text, VALUES_FOLDER)
    selected = sorted(set(names))
    for name in selected:
        require_safe(name)
        if name not in existing:
            place = Position(revision.name_of(environment_file(name)))
            raise InvalidInput.at(place, _no_such_file(name, existing), ENVIRONMENT)
    return tuple(selected) or existing


def _no_such_file(name: str, existing: tuple[str, ...]) -> str:
    from gitops_gen.inputs.wording import did_you_mean

    listed = f"{', '.join(existing[:12])}{', …' if len(existing) > 12 else ''}"
    return f"no such file; the environments here are: {listed}{did_you_mean(name, existing)}"


def may_be_named(name: str) -> bool:
    """Whether an environment can have this name."""
    return SAFE_NAME.fullmatch(name) is not None and name not in RESERVED


def require_safe(name: str) -> None:
    """Raises InvalidInput unless `name` can be an environment's.

    A text that cannot be the name of a file may be a value in the wrong place: it is not shown.
    """
    if "=" in name:
        raise InvalidInput.at(Position("values"), _ASSIGNMENT, ENVIRONMENT)
    if looks_secret(name) or not _LIKE_A_FILE.fullmatch(name):
        raise InvalidInput.at(Position("values"), _NOT_SHOWN, ENVIRONMENT)
    if finding := _problem(f"{name}.yaml"):
        raise InvalidInput([finding])


def strays(revision: Revision) -> Iterator[Finding]:
    """Files in values/clusters/ that no environment reads."""
    try:
        names = revision.list(CLUSTERS)
    except InvalidInput:
        return
    read = {f"{name}.json" for name in environments(revision)} if names else set()
    for name in names:
        if name in read or name.startswith(".") or not name.endswith((".json", ".yaml", ".yml")):
            continue
        stem = name.rpartition(".")[0]
        message = f"is not read: there is no {environment_file(stem)}"
        if f"{stem}.json" in read:
            message = f"is not read; the facts of a cluster are in {cluster_file(stem)}"
        position = Position(revision.name_of(f"{CLUSTERS}/{_printable(name)}"))
        yield Finding(STRAY_FILE, _printable(message), position)


def _entries(revision: Revision) -> tuple[str, ...]:
    if not revision.exists("values"):
        raise InvalidInput.at(
            Position(revision.name_of("values")),
            "no such folder; run gitops-gen at the top of its repository, or make one: "
            "gitops-gen init DIR",
            VALUES_FOLDER,
        )
    return revision.list("values")


def _is_environment_file(name: str) -> bool:
    is_values = name.lower().endswith((".yaml", ".yml")) and not name.startswith(".")
    return is_values and name != "base.yaml"


def _problem(file: str, revision: Revision | None = None) -> Finding | None:
    name, _, extension = file.rpartition(".")
    shown = _printable(name)
    if extension != "yaml":
        message = f"is not read; name it {shown}.yaml"
    elif name == "base":
        message = f"'base' is no environment but what all of them share; edit {BASE} by hand"
    elif name in RESERVED:
        message = f"'{name}' has a meaning of its own; give the environment another name"
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


def _printable(text: str) -> str:
    """A file name without control characters and without bytes that are no text."""
    return text if text.isprintable() else text.encode("unicode_escape").decode("ascii")
