"""What the values of a revision say of what is rehearsed: its committed files."""

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
from gitops_gen.rehearse.revision_facts import ComponentFacts, RevisionFacts, value_lines
from gitops_gen.render.plan.plan import Planned, providers_of, requirements
from gitops_gen.render.rendering import Rendering
from gitops_gen.revisions import Commit, Revision, WorkTree
from gitops_gen.workspace import Workspace
from gitops_gen.workspace.workspace import HelmRun

MOST_NOTES = 20


def files_of(revision: Revision, environment: str, folder: Path) -> Path:
    """A folder with the revision's files; those of a commit are written to `folder`.

    Raises InvalidInput for a commit in which nothing of the environment was rendered.
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
    """Of the files of a revision in `root`. Raises InvalidInput where its values are not valid."""
    workspace = Workspace(revision)
    return _of_valid(workspace, workspace.load(environment), root, note)


def base_facts(
    revision: Revision, root: Path, environment: str, note: Callable[[str], None]
) -> RevisionFacts:
    """As `revision_facts`, but what this version refuses of the values becomes notes.

    They were valid for the version that rendered what is committed. Raises InvalidInput where
    they cannot be read at all.
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
    return _facts(loaded.environment, rendering.planned, stale)


def _of_refused(workspace: Workspace, loaded: Loaded, refused: Sequence[Finding]) -> RevisionFacts:
    """Nothing is rendered: what is rehearsed is what was committed, in any case."""
    planned = _planned(workspace, loaded)
    label = workspace.revision.label
    notes = [f"{finding} (refused today; rehearsed as it was committed)" for finding in refused]
    if len(notes) > MOST_NOTES:
        notes[MOST_NOTES:] = [f"{label}: {len(notes) - MOST_NOTES} more findings of this kind"]
    notes.append(f"not checked: whether {label} is what its values render to")
    if not planned:
        notes.append(f"not checked: dependencies and waves of {label}: its values have no plan")
    return _facts(loaded.environment, planned, tuple(notes))


def _planned(workspace: Workspace, loaded: Loaded) -> tuple[Planned, ...]:
    """Empty where the values are not what components rely on."""
    if not loaded.matches_schema:
        return ()
    # Components may rely on rules too, and these values break some: then the plan is missing, and
    # nothing else. Any other exception is a fault of gitops-gen and must not be hidden.
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
            # An add-on that does not run reads no Secret.
            secrets=component.secrets if component.source.is_hydrated else (),
            lines=tuple(value_lines(environment, component.section)),
        )


def _position(environment: Environment, planned: Planned) -> Position:
    """The user's line; the environment's file where only our defaults speak of it."""
    mark = environment.sources.get(planned.component.section)
    if mark is not None and mark.default:
        return environment.place(())
    return environment.position(planned.component.section, key=True)


def _stale(rendering: Rendering, label: str, root: Path) -> Iterator[str]:
    """A note where the committed files, which are rehearsed, differ from a render of the values."""
    name = rendering.environment.name
    changed = {path for path, data in rendering.tree.items() if _content(root / path) != data}
    foreign = _committed_paths(root, name) - rendering.tree.keys() - {layout.inventory(name)}
    stale = sorted(changed | foreign)
    if stale:
        examples = ", ".join(stale[:3]) + (", …" if len(stale) > 3 else "")
        count = "1 file" if len(stale) == 1 else f"{len(stale)} files"
        yield f"{label} is not what its values render to ({count}: {examples})"


def _committed_paths(root: Path, environment: str) -> set[str]:
    """The files in the folders that a render of the environment writes."""
    folders = (root / folder for folder in layout.owned(environment))
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(root)) for path in files}


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
