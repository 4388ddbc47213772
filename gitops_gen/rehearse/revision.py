"""Loads a revision: its committed files, which are rehearsed, and facts from its values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from gitops_gen.errors import InvalidInput
from gitops_gen.helm import executable
from gitops_gen.inputs import Loaded
from gitops_gen.model import Environment, Finding, Position
from gitops_gen.objects import layout
from gitops_gen.objects.reading import RENDERED_FILES
from gitops_gen.rehearse.revision_facts import ComponentFacts, RevisionFacts
from gitops_gen.render.plan.plan import Planned, providers_of, requirements, synced
from gitops_gen.render.rendering import Rendering
from gitops_gen.revisions import Commit, Revision, WorkTree
from gitops_gen.workspace import Workspace
from gitops_gen.workspace.workspace import HelmRun

MOST_NOTES = 20


def files_of(revision: Revision, environment: str, folder: Path) -> Path:
    """Returns a directory with the revision's files; files of a commit are written to `folder`.

    Raises InvalidInput for a commit in which the environment was not rendered.
    """
    if isinstance(revision, WorkTree):
        return Path(revision.root)
    file = f"{layout.argocd(environment)}/bootstrap.yaml"
    if not revision.exists(file):
        text = f"does not exist: '{environment}' was not rendered in this revision"
        raise InvalidInput.at(Position(revision.name_of(file)), text, RENDERED_FILES)
    if isinstance(revision, Commit):
        folder.mkdir()
        revision.write_to(str(folder))
    return folder


def revision_facts(
    revision: Revision, root: Path, environment: str, note: Callable[[str], None]
) -> RevisionFacts:
    """Returns facts from the values of a revision, whose files are in `root`.

    Raises InvalidInput if the values are not valid.
    """
    workspace = Workspace(revision)
    return _of_valid(workspace, workspace.load(environment), root, note)


def base_facts(
    revision: Revision, root: Path, environment: str, note: Callable[[str], None]
) -> RevisionFacts:
    """Returns facts like `revision_facts`, but findings about the values become notes.

    The values were valid for the version of gitops-gen that rendered the committed files. Raises
    InvalidInput if the values cannot be read at all.
    """
    workspace = Workspace(revision)
    loaded = workspace.examine(environment)
    if not loaded.errors:
        try:
            return _of_valid(workspace, loaded, root, note)
        except InvalidInput as error:
            return _of_refused(workspace, loaded, error.findings)
    return _of_refused(workspace, loaded, loaded.errors)


def _of_valid(
    workspace: Workspace, loaded: Loaded, root: Path, note: Callable[[str], None]
) -> RevisionFacts:
    [rendering] = workspace.render([loaded], HelmRun(executable(note)))
    stale = tuple(_stale(rendering, workspace.revision.label, root))
    planned = tuple(synced(rendering.planned, rendering.objects))
    return _facts(loaded.environment, planned, stale)


def _of_refused(workspace: Workspace, loaded: Loaded, refused: Sequence[Finding]) -> RevisionFacts:
    """Returns facts without rendering the values. The committed files are rehearsed in any case."""
    planned = _planned(workspace, loaded)
    label = workspace.revision.label
    suffix = "(this version refuses it; the committed files are rehearsed)"
    notes = [f"{finding} {suffix}" for finding in refused]
    if len(notes) > MOST_NOTES:
        notes[MOST_NOTES:] = [f"{label}: {len(notes) - MOST_NOTES} more findings of this kind"]
    notes.append(f"not checked: whether the generated files of {label} are up to date")
    if not planned:
        text = "because its values cannot be planned"
        notes.append(f"not checked: the dependencies and sync waves of {label}, {text}")
    return _facts(loaded.environment, planned, tuple(notes))


def _planned(workspace: Workspace, loaded: Loaded) -> tuple[Planned, ...]:
    """Returns the plan, or an empty tuple if the values do not match the schema."""
    if not loaded.matches_schema:
        return ()
    # Components may also rely on rules that these values violate; then only the plan is missing.
    # Any other exception is a bug in gitops-gen and must not be hidden.
    with suppress(InvalidInput, LookupError, TypeError, ValueError, AttributeError):
        return workspace.plan(loaded.environment)
    return ()


def _facts(
    environment: Environment, plan: Sequence[Planned], notes: tuple[str, ...]
) -> RevisionFacts:
    region, version = (environment.get("cluster", k) for k in ("region", "kubernetesVersion"))
    return RevisionFacts(
        tuple(_components(environment, plan)),
        region if isinstance(region, str) else RevisionFacts().region,
        version if isinstance(version, str) else None,
        notes,
    )


def _components(environment: Environment, plan: Sequence[Planned]) -> Iterator[ComponentFacts]:
    providers = providers_of(planned.component for planned in plan)
    for planned in plan:
        component = planned.component
        yield ComponentFacts(
            name=component.name,
            wave=planned.wave,
            namespace=component.namespace,
            position=_position(environment, planned),
            provides=component.provides,
            requires=frozenset(requirements(component, providers)),
            # An add-on that does not run in a rehearsal reads no Secret.
            secrets=component.secrets if component.source.is_hydrated else (),
        )


def _position(environment: Environment, planned: Planned) -> Position:
    """Returns the line of the component, or the environment's file if only defaults apply."""
    mark = environment.sources.get(planned.component.section)
    if mark is not None and mark.default:
        return environment.place(())
    return environment.position(planned.component.section, key=True)


def _stale(rendering: Rendering, label: str, root: Path) -> Iterator[str]:
    """Yields a note if the committed files, which are rehearsed, are out of date."""
    name = rendering.environment.name
    changed = {path for path, data in rendering.tree.items() if _content(root / path) != data}
    foreign = _committed_paths(root, name) - rendering.tree.keys() - {layout.inventory(name)}
    stale = sorted(changed | foreign)
    if stale:
        examples = ", ".join(stale[:3]) + (", …" if len(stale) > 3 else "")
        count = "1 file" if len(stale) == 1 else f"{len(stale)} files"
        yield f"{label}: the generated files are out of date ({count}: {examples})"


def _committed_paths(root: Path, environment: str) -> set[str]:
    """Returns the files in the directories that a render of the environment writes."""
    folders = (root / folder for folder in layout.owned(environment))
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(root)) for path in files}


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
