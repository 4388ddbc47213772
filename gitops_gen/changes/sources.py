"""Where the files of an environment come from: from Git, from the disk, or from a render."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from gitops_gen.changes.environments import REMOVED, EnvironmentPair
from gitops_gen.changes.trees import Side
from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.inputs.files import ENVIRONMENT, environment_file
from gitops_gen.model import Position, Tree
from gitops_gen.objects import layout
from gitops_gen.render.write.up_to_date import stale
from gitops_gen.revisions import Revision, WorkTree
from gitops_gen.revisions.changed_paths import changed_paths
from gitops_gen.revisions.commit import Commit
from gitops_gen.revisions.in_memory import InMemory

if TYPE_CHECKING:
    from gitops_gen.workspace.workspace import Workspace

_KUBERNETES = re.compile(rb"^kubeVersion: [\"']?>=([0-9]+\.[0-9]+)", re.MULTILINE)
"""The line of the generated umbrella chart that states the version of the cluster."""
_Notes = tuple[str, ...]
_FEWEST_FOLDERS = 10
"""The number of folders from which Git is asked. It reads its index of the whole repository, which
takes longer than reading the files of a few environments."""
_MOST_FOLDERS = 100
"""How many folders Git is asked about. It compares each path with each of them."""


@dataclass(frozen=True)
class RenderedHead:
    """What a caller already knows about environments of the work tree."""

    files: Mapping[str, Tree] = field(default_factory=dict, repr=False)
    """The rendered files of environments whose generated files may be out of date."""
    not_rendered: Mapping[str, str] = field(default_factory=dict)
    """Why environments cannot be rendered. They are reported as not compared."""


@dataclass(frozen=True)
class Sources:
    """The files of both revisions. What is committed in the base is never rendered."""

    base: Commit
    head: Revision
    note: Callable[[str], None]
    progress: Callable[[str], None]
    rendered: RenderedHead = RenderedHead()
    _rendered: dict[str, Tree] = field(default_factory=dict, repr=False)
    _not_rendered: dict[str, str] = field(default_factory=dict, repr=False)
    _folders: set[str] = field(default_factory=set, repr=False)
    """The folders of the environments that are compared."""

    @cached_property
    def _workspaces(self) -> tuple[Workspace, Workspace]:
        from gitops_gen.workspace.workspace import Workspace

        return Workspace(self.head), Workspace(self.base)

    def prepare(self, pairs: Sequence[EnvironmentPair]) -> None:
        """Renders the environments of a work tree whose files may be out of date."""
        if isinstance(self.head, WorkTree):
            names = [pair.name for pair in pairs if pair.state != REMOVED]
            self._folders.update(folder for pair in pairs for folder in layout.owned(pair.name))
            self._prepare(self.head, stale(self.head.root, names))

    def _prepare(self, head: Revision, names: Sequence[str]) -> None:
        """Renders these environments, unless the caller has already done so."""
        files, problems = self.rendered.files, self.rendered.not_rendered
        self._rendered.update({name: files[name] for name in names if name in files})
        self._not_rendered.update({name: problems[name] for name in names if name in problems})
        done = self._rendered.keys() | self._not_rendered.keys()
        left = [name for name in names if name not in done]
        self._rendered.update(rendered_trees(head, left, self.note, self.progress))

    def is_unchanged(self, pair: EnvironmentPair) -> bool:
        """Whether the generated files of both revisions are known to be equal without reading."""
        folders = layout.owned(pair.name)
        if pair.state or pair.name in self._outdated or self._changed is None:
            return False
        if not all(self.base.exists(folder) for folder in folders):
            return False
        inside = tuple(f"{folder}/" for folder in folders)
        return not any(path.startswith(inside) for path in self._changed)

    @property
    def _outdated(self) -> Collection[str]:
        return self._rendered.keys() | self._not_rendered.keys()

    @cached_property
    def _changed(self) -> frozenset[str] | None:
        """The generated files of a work tree that may differ; None if that is not known."""
        if not isinstance(self.head, WorkTree) or len(self._folders) < _FEWEST_FOLDERS:
            return None
        try:
            few = len(self._folders) <= _MOST_FOLDERS
            folders = sorted(self._folders) if few else layout.OF_ALL
            return changed_paths(self.head.root, self.base.id, folders)
        except ToolFailed:
            # Then the files are read. A failure that matters is reported at that time.
            return None

    def head_side(self, pair: EnvironmentPair) -> tuple[Side, _Notes]:
        """The files of the head: those of a render if they are not known to be up to date.

        Raises InvalidInput if it is known that the environment cannot be rendered.
        """
        if reason := self._not_rendered.get(pair.name):
            raise InvalidInput.at(Position(environment_file(pair.name)), reason, ENVIRONMENT)
        if pair.state == REMOVED:
            # The disk may still contain the files, which the next render deletes.
            return Side(InMemory(self.head.label, {}), pair.name), ()
        tree = self._rendered.get(pair.name)
        if tree is None:
            return Side(self.head, pair.name), ()
        side = Side(InMemory(self.head.label, tree), pair.name)
        if self._is_written(pair.name, tree):
            return side, ()
        note = "rendered/ and argocd/ are out of date: compared is what `gitops-gen render` writes"
        return side, (note,)

    def base_side(self, pair: EnvironmentPair) -> tuple[Side, _Notes]:
        """The committed files of the base, or a render if it has none."""
        name = pair.in_base
        if pair.state == "new" or any(self.base.exists(p) for p in layout.owned(name)):
            return Side(self.base, name), ()
        tree = self._rendered_base(name)
        note = f"{self.base.revision} contains no generated files, so its values were rendered"
        files = InMemory(self.base.label, tree, f"{self.base.revision}:")
        return Side(files, name), (note,)

    def _rendered_base(self, name: str) -> Tree:
        try:
            return rendered_trees(self.base, [name], self.note, self.progress)[name]
        except InvalidInput as error:
            first = error.findings[0]
            text = f"there are no generated files, and the values are refused: {first.message}"
            raise InvalidInput.at(first.position, text, first.rule) from error

    def kubernetes(self, name: str, generated: Revision) -> str:
        """The Kubernetes version of the cluster; empty if it is not known.

        It is read from the generated files of the revision, or else from the values.
        """
        chart = f"{layout.umbrella(name)}/Chart.yaml"
        stated = generated.exists(chart) and _KUBERNETES.search(generated.read(chart))
        return stated[1].decode() if stated else self._of_values(name)

    def _of_values(self, name: str) -> str:
        for workspace in self._workspaces:
            try:
                environment = workspace.examine(name).environment
            except InvalidInput:
                continue
            if found := environment.get("cluster", "kubernetesVersion"):
                return str(found)
        return ""

    def _is_written(self, name: str, tree: Tree) -> bool:
        """Whether the files on the disk are those of the render."""
        folders = layout.owned(name)
        on_disk = {path for folder in folders for path in self.head.files_below(folder)}
        if on_disk - {layout.inventory(name)} != tree.keys() - {layout.inventory(name)}:
            return False
        return all(self.head.read(path) == content for path, content in tree.items())


def rendered_trees(
    revision: Revision,
    names: Sequence[str],
    note: Callable[[str], None],
    progress: Callable[[str], None],
) -> dict[str, Tree]:
    """Renders environments in memory. Raises InvalidInput if the values of one are not valid."""
    if not names:
        return {}
    from gitops_gen.helm import executable
    from gitops_gen.workspace.workspace import HelmRun, Workspace

    workspace = Workspace(revision)
    loaded = workspace.load_all_to_render(names)
    found = workspace.render(loaded, HelmRun(executable(note), os.cpu_count() or 1, progress))
    progress("")
    return {one.environment.name: one.tree for one in found}
