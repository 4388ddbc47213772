"""What `render --check` finds in the rendered files, as findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gitops_gen.model import Finding, Position, Rule
from gitops_gen.render.write.request import RenderOutcome

STALE = Rule(
    "stale-file",
    title="The rendered files are those that the values give",
    why="Argo CD syncs the files as they are committed, so a change of the values has no effect "
    "until it is rendered.",
    remedy="Run `gitops-gen render`, and commit what it writes.",
)
FOREIGN = Rule(
    "foreign-file",
    title="The rendered folders hold only what was rendered",
    why="Argo CD would sync a file that was put there by hand, and no render would remove it.",
    remedy="Move the file to another folder, or delete it.",
)


def stale_files(outcomes: Iterable[RenderOutcome]) -> Iterator[Finding]:
    for outcome in outcomes:
        if changes := outcome.changes:
            kinds = zip(
                ("is missing", "is stale", "is obsolete"),
                (changes.created, changes.changed, changes.removed),
                strict=True,
            )
            for state, paths in kinds:
                text = f"{state}; run gitops-gen render {outcome.name}"
                yield from (Finding(STALE, text, Position(path)) for path in paths)
            text = "no render wrote this file, and Argo CD would sync it; move or delete it"
            yield from (Finding(FOREIGN, text, Position(path)) for path in changes.foreign)
