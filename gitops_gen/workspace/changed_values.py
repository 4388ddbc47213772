"""Changes values files in memory, and validates all environments that read them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import groups
from gitops_gen.inputs.assign import (
    Assigned,
    BadAssignment,
    Edit,
    edited,
    new_warnings,
    parsed_assignments,
    refused,
)
from gitops_gen.inputs.files import GROUP_PREFIX, is_shared_name
from gitops_gen.inputs.groups import Groups
from gitops_gen.inputs.load import Loaded
from gitops_gen.model import Environment, Finding, Path, dotted
from gitops_gen.revisions import Overlay

if TYPE_CHECKING:
    from gitops_gen.workspace.workspace import Workspace

Result = TypeVar("Result")


def assign(
    workspace: Workspace, names: Sequence[str], assignments: Sequence[str]
) -> tuple[Assigned, ...]:
    """Applies arguments `PATH=VALUE` to the file of each name.

    Raises InvalidInput with the errors of all files.
    """

    def values(name: str) -> Mapping[Path, Any]:
        return parsed_assignments(workspace.loader, name, assignments)

    return change_values(workspace, dict(zip(names, _all(values, names), strict=True)))


def change_values(
    workspace: Workspace, changes: Mapping[str, Mapping[Path, Any]]
) -> tuple[Assigned, ...]:
    """Returns the new content of each file. Names are environments, `base` and `group:NAME`.

    The values are validated as for a render. Raises InvalidInput with the errors of all files.
    """

    def edit(name: str) -> Edit:
        return edited(workspace.loader, name, changes[name])

    edits = _all(edit, tuple(changes))
    contents = {one.file: one.data for one in edits}
    changed = replace(workspace, revision=Overlay(workspace.revision, contents), _plans={})
    readers = Groups(changed.revision)
    names = sorted({name for one in changes for name in readers.readers(one)})
    try:
        loaded = {one.environment.name: one for one in changed.load_all_to_render(names)}
    except InvalidInput as error:
        raise refused(edits, error.findings) from error
    return tuple(
        _assigned(workspace, changed, one, [loaded[name] for name in readers.readers(one.name)])
        for one in edits
    )


def require_values_files(workspace: Workspace, names: Sequence[str]) -> None:
    """Raises InvalidInput for a name of `set` that has no file: ENV, `base` or `group:NAME`."""
    workspace.chosen([name for name in names if not is_shared_name(name)])
    for name in names:
        if name.startswith(GROUP_PREFIX):
            groups.require_existing(workspace.revision, name.removeprefix(GROUP_PREFIX))


def _all(result_of: Callable[[str], Result], names: Sequence[str]) -> list[Result]:
    """Returns the result for each name. Raises BadAssignment with the errors about all names."""
    results: list[Result] = []
    errors: list[InvalidInput] = []
    for name in names:
        try:
            results.append(result_of(name))
        except InvalidInput as error:
            errors.append(error)
    if len(errors) == 1:
        raise errors[0]
    if errors:
        lines = (line for error in errors for line in str(error).split("\n"))
        findings = (finding for error in errors for finding in error.findings)
        raise BadAssignment(dict.fromkeys(lines), dict.fromkeys(findings))
    return results


def _assigned(
    workspace: Workspace, changed: Workspace, edit: Edit, readers: Sequence[Loaded]
) -> Assigned:
    """Returns the result for one file; `readers` are all environments that read it."""
    warnings: dict[Finding, None] = {}
    for one in readers:
        before = workspace.findings_now(one.environment.name)
        warnings |= dict.fromkeys(new_warnings(one.warnings, before))
    if not is_shared_name(edit.name):
        return edit.assigned(readers[0].environment, warnings)
    result = edit.assigned(changed.loader.environment(edit.name), warnings)
    overridden = (_overridden(result, one.environment, changed) for one in readers)
    return replace(result, overridden=tuple(chain.from_iterable(overridden)))


def _overridden(result: Assigned, environment: Environment, changed: Workspace) -> Iterator[str]:
    """Yields a line for each changed value that another layer of an environment overrides."""
    layers = Groups(changed.revision).input_files(environment.name)
    higher = layers[layers.index(result.file) + 1 :]
    for change in result.changes:
        place = environment.position(change.path)
        # A value that the change removed has no place of its own, but that of its parent.
        has_place = environment.written(*change.path) or change.path in environment.removed
        if has_place and place.file in higher:
            lead = f"{place}: {dotted(change.path)}: overrides the value of"
            yield f"{lead} {result.file} for {environment.name}"
