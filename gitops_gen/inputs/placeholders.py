"""Finds the placeholders that `init` writes and that a user has not replaced yet.

Placeholders are searched in the text of files, because some of them are in comments and in files
that contain no values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress

from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import files
from gitops_gen.inputs.groups import Groups
from gitops_gen.model import Finding, Position, Rule
from gitops_gen.revisions import Revision

RULE = Rule(
    "placeholder",
    title="The placeholders that `init` wrote are replaced",
    why="A placeholder is valid, but it names a repository, an image or a cluster that does not "
    "exist. Argo CD would not find it.",
    remedy="Write your own value in place of the placeholder. `import-cluster` replaces those in "
    "values/clusters/.",
)

TEXT = "replace-me"
"""The placeholder for a name. It is valid in URLs, image references and names of clusters."""
# The ID that no VPC has, and the network that is reserved for documentation (RFC 5737).
_PLACEHOLDER = re.compile(
    rf"(?<![A-Za-z0-9]){TEXT}(?![A-Za-z0-9])|\bvpc-0{{8,17}}\b|\b192\.0\.2\.[0-9]{{1,3}}/[0-9]{{1,2}}\b"
)
README = "README.md"
PRE_COMMIT = ".pre-commit-config.yaml"


def is_placeholder(value: object) -> bool:
    return isinstance(value, str) and _PLACEHOLDER.search(value) is not None


def in_values(revision: Revision, names: Iterable[str]) -> Iterator[Finding]:
    """Yields a finding for each line with a placeholder in the values files of environments."""
    groups = Groups(revision)
    paths = dict.fromkeys(path for name in names for path in groups.input_files(name))
    return _in_files(revision, paths)


def in_other_files(revision: Revision, folder: str) -> Iterator[Finding]:
    """Yields a finding for each line with a placeholder in files that contain no values.

    `folder` is the path of the values in the Git repository (`repository.path`).
    """
    root = "../" * len(folder.split("/")) if folder else ""
    return _in_files(revision, (README, f"{root}{workflow(folder)}", f"{root}{PRE_COMMIT}"))


def workflow(folder: str) -> str:
    """Returns the path of the workflow, of which a Git repository may contain several."""
    name = f"gitops-{folder.replace('/', '-')}" if folder else "gitops"
    return f".github/workflows/{name}.yaml"


def _in_files(revision: Revision, paths: Iterable[str]) -> Iterator[Finding]:
    for path in paths:
        # Values that cannot be read are reported when they are loaded.
        with suppress(InvalidInput):
            if revision.exists(path):
                text = revision.read(path).decode(errors="replace")
                yield from _in_text(text, revision.name_of(path))


def _in_text(text: str, file: str) -> Iterator[Finding]:
    for number, line in enumerate(text.split("\n"), start=1):
        if match := _PLACEHOLDER.search(line):
            message = f"'{match[0]}' is a placeholder that init wrote; {_advice(file)}"
            yield Finding(RULE, message, Position(file, number, match.start() + 1))


def _advice(file: str) -> str:
    if not files.is_imported(file):
        return "replace it with your own value"
    name = file.rpartition("/")[2].removesuffix(".json")
    return (
        f"gitops-gen import-cluster {name} replaces it with Terraform's output; without Terraform, "
        "write the fact about your cluster"
    )
