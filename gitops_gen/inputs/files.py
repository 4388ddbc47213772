"""Which files an environment is made of, and which environments there are."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from gitops_gen.errors import InvalidInput
from gitops_gen.model import Finding, Position

BASE = "values/base.yaml"
SCHEMA = "values/schema.json"
# No DNS label of 50 characters needs shortening where it becomes a part of a name.
SAFE_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?")
RESERVED = frozenset({"base", "clusters", "schema"})


def environment_file(name: str) -> str:
    return f"values/{name}.yaml"


def cluster_file(name: str) -> str:
    return f"values/clusters/{name}.json"


def input_files(name: str) -> tuple[str, str, str]:
    """The environment's layers of the repository, lowest first; the first two may be absent."""
    return BASE, cluster_file(name), environment_file(name)


def environments(root: str) -> tuple[str, ...]:
    """The names of all environments of a repository, sorted.

    Raises InvalidInput for a file in values/ that cannot be one, rather than leave it out.
    """
    names = [name for name in _entries(root) if _is_values_file(name)]
    findings = [finding for name in names if (finding := _problem(name))]
    if findings:
        raise InvalidInput(findings)
    return tuple(sorted(name[:-5] for name in names if name != "base.yaml"))


def chosen(root: str, names: Iterable[str]) -> tuple[str, ...]:
    """The environments named, or all; sorted. Raises InvalidInput for one that is not there."""
    known = environments(root)
    if not known:
        text = "holds no environment; write values/dev.yaml, or begin with gitops-gen init DIR"
        raise InvalidInput.at(Position("values"), text)
    wanted = sorted(set(names))
    for name in wanted:
        require_safe(name)
        if name not in known:
            text = f"no such file; the environments here are: {', '.join(known)}"
            raise InvalidInput.at(Position(environment_file(name)), text)
    return tuple(wanted) or known


def require_safe(name: str) -> None:
    """Raises InvalidInput unless `name` can be an environment's."""
    if finding := _problem(f"{name}.yaml"):
        raise InvalidInput([finding])


def _entries(root: str) -> list[str]:
    try:
        return sorted(os.listdir(os.path.join(root, "values")))
    except (FileNotFoundError, NotADirectoryError):
        raise InvalidInput.at(
            Position("values"),
            "no such folder; run gitops-gen at the top of its repository, or make one: "
            "gitops-gen init DIR",
        ) from None
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise InvalidInput.at(Position("values"), message) from error


def _is_values_file(name: str) -> bool:
    return name.endswith((".yaml", ".yml")) and not name.startswith(".")


def _problem(file: str) -> Finding | None:
    name, _, extension = file.rpartition(".")
    position = Position(f"values/{file}")
    if extension == "yml":
        message = f"is not read; name it {name}.yaml"
    elif file == "base.yaml":
        return None
    elif name in RESERVED:
        message = f"'{name}' has a meaning of its own; give the environment another name"
    elif not SAFE_NAME.fullmatch(name):
        message = (
            f"'{_printable(name)}' cannot be the name of an environment; "
            "use lower-case letters, digits and hyphens, at most 50"
        )
    else:
        return None
    return Finding("environment-name", message, position)


def _printable(text: str) -> str:
    return text.encode("unicode_escape").decode("ascii")
