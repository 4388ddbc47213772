"""The findings of `render --check` about the generated files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gitops_gen.model import Finding, Position, Rule, Tree
from gitops_gen.render.write.outputs import empty_output, rendered_output
from gitops_gen.render.write.request import RenderOutcome
from gitops_gen.tree import compare

STALE = Rule(
    "stale-file",
    title="The generated files are up to date",
    why="Argo CD syncs the committed files, so a change of the values has no effect until it is "
    "rendered.",
    remedy="Run `gitops-gen render` and commit the generated files.",
)
FOREIGN = Rule(
    "foreign-file",
    title="The folders of generated files contain no other files",
    why="Argo CD would sync a file that was added by hand, and no render would delete it.",
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
                advice = f"run gitops-gen render {outcome.name} and add the file to the commit"
                text = f"{state}; {advice}"
                yield from (Finding(STALE, text, Position(path)) for path in paths)
            text = "is not a generated file, but Argo CD would sync it; move or delete it"
            yield from (Finding(FOREIGN, text, Position(path)) for path in changes.foreign)


def stale_files_of(
    root: str, rendered: Mapping[str, Tree], removed_environments: Iterable[str] = ()
) -> tuple[Finding, ...]:
    """Compares the disk with environments that are already rendered, and returns the findings.

    The environments in `removed_environments` have generated files but no values file.
    """
    outputs = {name: rendered_output(name, files) for name, files in rendered.items()}
    outputs |= {name: empty_output(name) for name in removed_environments}
    found = {name: compare(root, output) for name, output in sorted(outputs.items())}
    blocked = (finding for changes in found.values() for finding in changes.blocked)
    outcomes = (RenderOutcome(name, changes) for name, changes in found.items())
    return (*blocked, *stale_files(outcomes))
