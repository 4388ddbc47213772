"""A revision of the user's repository: its files in a folder, and what its values say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gitops_gen.components import catalogue
from gitops_gen.components.types import UpstreamChart
from gitops_gen.errors import InvalidInput
from gitops_gen.helm import executable
from gitops_gen.inputs import Loader, load_all
from gitops_gen.model import Environment, Position
from gitops_gen.objects import layout
from gitops_gen.rehearse import committed
from gitops_gen.rehearse.known import Known, KnownComponent, leaves
from gitops_gen.rehearse.servers.tools import Tools
from gitops_gen.render.plan.plan import Planned, providers_of, requirements
from gitops_gen.render.render_all import render_all
from gitops_gen.render.rendering import Rendering

WORK_TREE = "the work tree"


@dataclass(frozen=True, slots=True)
class Revision:
    label: str
    root: Path


def checked_out(found: Tools, root: Path, name: str | None, folder: Path) -> Revision:
    """The work tree as it stands, or a revision's files in `folder`."""
    if name is None:
        return Revision(WORK_TREE, root)
    git = found.require("git")
    commit = committed.commit(git, root, name)
    if not commit:
        text = f"'{name}' is no revision of this repository"
        if committed.shallow(git, root):
            text += "; it is a shallow clone: fetch what is missing (git fetch --unshallow)"
        raise InvalidInput.at(Position(str(root)), text, committed.REVISION)
    folder.mkdir()
    committed.check_out(git, root, commit, folder)
    return Revision(f"{name} ({commit[:12]})", folder)


def known(revision: Revision, environment: str, note: Callable[[str], None]) -> Known:
    """Raises InvalidInput where its values are not valid."""
    folders = catalogue()
    loaded = load_all(Loader(str(revision.root), folders), [environment])
    helm = executable(note)
    environments = [item.environment for item in loaded]
    root = str(revision.root)
    [rendering] = render_all(
        environments, folders, helm, root=root, jobs=1, done=lambda _text: None
    )
    components = tuple(_components(rendering))
    own = rendering.environment
    return Known(
        components,
        str(own.get("cluster", "region")),
        str(own.get("cluster", "kubernetesVersion")),
        tuple(_stale(rendering, revision)),
    )


def _components(rendering: Rendering) -> Iterator[KnownComponent]:
    providers = providers_of(planned.component for planned in rendering.planned)
    for planned in rendering.planned:
        component = planned.component
        yield KnownComponent(
            name=component.name,
            wave=planned.wave,
            namespace=component.namespace,
            position=_position(rendering.environment, planned),
            provides=component.provides,
            requires=frozenset(requirements(component, providers)),
            # An add-on that does not run reads no Secret.
            secrets=() if isinstance(component.source, UpstreamChart) else component.secrets,
            leaves=tuple(leaves(rendering.environment, component.section)),
        )


def _position(environment: Environment, planned: Planned) -> Position:
    """The user's line; the environment's file where only our defaults speak of it."""
    mark = environment.sources.get(planned.component.section)
    if mark is not None and mark.default:
        return Position(environment.file)
    return environment.position(planned.component.section, key=True)


def _stale(rendering: Rendering, revision: Revision) -> Iterator[str]:
    """What is rehearsed is what is committed; whether it is what values give is another matter."""
    name = rendering.environment.name
    changed = [p for p, data in rendering.tree.items() if _content(revision.root / p) != data]
    folders = (revision.root / folder for folder in layout.owned(name))
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    there = {str(path.relative_to(revision.root)) for path in files}
    extra = there - rendering.tree.keys() - {layout.inventory(name)}
    stale = sorted({*changed, *extra})
    if stale:
        few = ", ".join(stale[:3]) + (", …" if len(stale) > 3 else "")
        files_of = "1 file" if len(stale) == 1 else f"{len(stale)} files"
        yield f"{revision.label} is not what its values render to ({files_of}: {few})"


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
