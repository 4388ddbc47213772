"""The settings of GitHub, pre-commit and Renovate, which are in the root folder of a clone."""

from __future__ import annotations

import os
from collections.abc import Iterator

from gitops_gen.inputs.placeholders import PRE_COMMIT, workflow
from gitops_gen.scaffold.clone import Clone

WORKFLOW = workflow("")
RENOVATE = "renovate.json"
ADVICE = "docs/pull-requests.md describes what to add to them"
_IN_ROOT = frozenset({WORKFLOW, PRE_COMMIT, RENOVATE})
_OF_RENOVATE = (
    *("renovate.json", "renovate.json5", ".renovaterc", ".renovaterc.json", ".renovaterc.json5"),
    *(".github/renovate.json", ".github/renovate.json5"),
    *(".gitlab/renovate.json", ".gitlab/renovate.json5"),
)
"""The files of which Renovate reads the first that exists."""


def place(path: str, clone: Clone) -> str:
    """Returns the path of a file in the root folder of the clone."""
    if path == WORKFLOW:
        return workflow(clone.folder)
    return path if path in _IN_ROOT else f"{clone.prefix}{path}"


def kept(clone: Clone) -> Iterator[tuple[str, str]]:
    """Yields settings that are not written, with the existing file to which a user adds them."""
    for path, names in ((PRE_COMMIT, (PRE_COMMIT,)), (RENOVATE, _OF_RENOVATE)):
        existing = (name for name in names if os.path.lexists(os.path.join(clone.top, name)))
        if (name := next(existing, None)) is not None:
            yield path, name
