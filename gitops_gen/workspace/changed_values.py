"""Changes values files in memory, and validates all environments that read them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from gitops_gen.errors import InvalidInput
from gitops_gen.inputs.assign import (
    Assigned,
    BadAssignment,
    Edit,
    edited,
    new_warnings,
    parsed_assignments,
    refused,
)
from gitops_gen.inputs.files import BASE, BASE_NAME
from gitops_gen.inputs.load import Loaded
from gitops_gen.model import Finding, Path, dotted
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
    """Returns the new content of each file; the name `base` is that of values/base.yaml.

    The values are validated as for a render. Raises InvalidInput with the errors of all files.
    """

    def edit(name: str) -> Edit:
        return edited(workspace.loader, name, changes[name])

    edits = _all(edit, tuple(changes))
    contents = {one.file: one.data for one in edits}
    changed = replace(workspace, revision=Overlay(workspace.revision, contents), _plans={})
    names = workspace.names if BASE_NAME in changes else tuple(changes)
    try:
        loaded = changed.load_all_to_render(names)
    except InvalidInput as error:
        raise refused(edits, error.findings) from error
    return tuple(_assigned(workspace, changed, one, loaded) for one in edits)


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
    workspace: Workspace, changed: Workspace, edit: Edit, loaded: Sequence[Loaded]
) -> Assigned:
    """Returns the result for one file. A file of an environment is used only by that one."""
    readers = [one for one in loaded if edit.name in (BASE_NAME, one.environment.name)]
    warnings: dict[Finding, None] = {}
    for one in readers:
        before = workspace.findings_now(one.environment.name)
        warnings |= dict.fromkeys(new_warnings(one.warnings, before))
    if edit.name != BASE_NAME:
        return edit.assigned(readers[0].environment, warnings)
    result = edit.assigned(changed.loader.environment(BASE_NAME), warnings)
    return replace(result, overridden=tuple(_overridden(result, readers)))


def _overridden(result: Assigned, readers: Sequence[Loaded]) -> Iterator[str]:
    """Yields a line for each environment in which another layer has the changed value."""
    for change in result.changes:
        for one in readers:
            environment, name = one.environment, one.environment.name
            place = environment.position(change.path)
            # A value that the change removed has no place of its own, but that of its parent.
            has_place = environment.written(*change.path) or change.path in environment.removed
            if has_place and place.file != change.after.file:
                yield f"{place}: {dotted(change.path)}: overrides the value of {BASE} for {name}"
