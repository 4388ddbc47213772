"""Which environments and components the changed files touch."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath

from gitops_gen.affected.changed_files import ChangedFiles
from gitops_gen.affected.identical import are_identical
from gitops_gen.affected.sides import PlannedEnvironment, RevisionSide
from gitops_gen.charts.files import LOCK_FILE, PINS_FILE, UPSTREAM
from gitops_gen.inputs import files
from gitops_gen.objects import layout
from gitops_gen.render.write.up_to_date import HELM, PACKAGE

# A file with one of these names may set their versions, such as a workflow or a lock file.
_GENERATOR = re.compile(rb"gitops[-_]gen|\bhelm", re.IGNORECASE)
# Files that neither install gitops-gen nor run it: documentation, pictures and Terraform.
_NEVER_RUN = frozenset(
    {*(".md", ".rst", ".adoc", ".html", ".svg", ".png", ".jpg", ".gif", ".pdf"), ".tf", ".hcl"}
)
_LINKED = ("", "values", files.GROUPS, files.CLUSTERS)


@dataclass(slots=True)
class Touch:
    """Why an environment is touched, and what of it."""

    reasons: dict[str, None] = field(default_factory=dict)
    components: set[str] = field(default_factory=set)
    has_changed_values: bool = False
    is_whole: bool = False
    """Whether any component may be touched."""


@dataclass(frozen=True)
class TouchedEnvironments:
    """Assigns changed files to environments. `sides` are the base and the head."""

    changed: ChangedFiles
    sides: tuple[RevisionSide, RevisionSide]
    _found: dict[str, Touch] = field(default_factory=dict)

    def touches(self) -> dict[str, Touch]:
        """The touched environments of both revisions."""
        for path in self.changed.paths:
            if not path.startswith(self.changed.prefix):
                self._in_another_folder(path, path)
                continue
            for inside in self._names_of(path.removeprefix(self.changed.prefix)):
                self._one(path, inside)
        return self._found

    def components(self, name: str, touch: Touch) -> tuple[str, ...]:
        """The components of an environment that may change."""
        found = set(touch.components)
        if touch.is_whole:
            found |= self._every_component(name)
        elif touch.has_changed_values:
            found |= self._of_changed_values(name)
        return tuple(sorted(found))

    def _one(self, path: str, inside: str) -> None:
        """Assigns one file. `inside` is its path relative to the folder with values/."""
        top = inside.partition("/")[0]
        if top == "values":
            self._in_values(inside)
        elif top in layout.OF_ALL:
            self._generated(inside)
        elif inside == UPSTREAM or inside.startswith(f"{UPSTREAM}/"):
            self._upstream_charts(inside)
        elif not self._is_read(inside) and top != "charts":
            self._in_another_folder(path, inside)

    def _in_values(self, path: str) -> None:
        for name in self._readers(path):
            self._touch(name, path).has_changed_values = True

    def _readers(self, path: str) -> Iterator[str]:
        """Yields the environments of which a file in values/ is a layer."""
        if path in ("values", files.GROUPS, files.CLUSTERS):
            # Such a folder is a link or a submodule.
            path = files.BASE
        stem = PurePosixPath(path).stem
        for side in self.sides:
            if path == files.BASE:
                yield from side.names
            elif path == files.group_file(stem):
                yield from side.members(stem)
            elif stem in side.names and path in files.input_files(stem, groups=()):
                yield stem

    def _generated(self, path: str) -> None:
        folder, name, *parts = [*path.split("/"), ""]
        if not any(name in side.names for side in self.sides):
            return
        touch = self._touch(name, f"{folder}/{name}")
        if parts[:1] == ["manifests"] and len(parts) > 2:
            touch.components.add(parts[1])
        elif parts[:1] == ["apps"] and parts[1] != "project.yaml":
            touch.components.add(parts[1].removesuffix(".yaml"))

    def _upstream_charts(self, path: str) -> None:
        """Touches the environments whose plans a file in charts/upstream changes.

        A plan contains the version and the digest of each chart. Other files than these two, such
        as archives, are not in a plan, so they touch all environments with upstream charts.
        """
        for name in dict.fromkeys(name for side in self.sides for name in side.names):
            if path in (PINS_FILE, LOCK_FILE) and self._has_equal_plans(name):
                continue
            # The CRDs of one chart may change what Helm renders from another.
            if names := self._upstream_components(name):
                self._touch(name, path).components |= names

    def _has_equal_plans(self, name: str) -> bool:
        base, head = self._planned(name)
        return base is not None and head is not None and are_identical(base.inputs, head.inputs)

    def _upstream_components(self, name: str) -> set[str]:
        present = [side.planned(name) for side in self.sides if name in side.names]
        plans = [one for one in present if one is not None]
        if len(plans) < len(present):
            return self._every_component(name)
        return {component for plan in plans for component in plan.upstream_charts()}

    def _is_read(self, path: str) -> bool:
        """Touches the environments that read a file outside of values/, if there are any."""
        folders = [str(one) for one in PurePosixPath(path).parents if one.name]
        read = False
        for side in self.sides:
            for name in side.names:
                if side.may_name(name, [path, *folders]):
                    found = side.planned(name)
                    names = set(found.readers(path)) if found else self._every_component(name)
                    if names:
                        self._touch(name, path).components |= names
                        read = True
        return read

    def _in_another_folder(self, path: str, shown: str) -> None:
        """Touches everything if a file may change the version or the code of gitops-gen."""
        may_run = PurePosixPath(path).suffix not in _NEVER_RUN and ".tfvars" not in path
        is_program = any(path == one or path.startswith(f"{one}/") for one in self._programs)
        if is_program or (may_run and self.changed.mention(path, _GENERATOR)):
            for name in {*self.sides[0].names, *self.sides[1].names}:
                self._touch(name, shown).is_whole = True

    @cached_property
    def _programs(self) -> tuple[str, ...]:
        """The paths of gitops-gen and of Helm in the clone, if it contains them."""
        top = os.path.realpath(self.changed.head.root)
        places = (PACKAGE, os.environ.get(HELM, ""))
        inside = (os.path.relpath(os.path.realpath(place), top) for place in places if place)
        return tuple(path for path in inside if not path.startswith(".."))

    def _names_of(self, path: str) -> Iterator[str]:
        """Yields the path, and the paths of links in values/ through which it is read."""
        yield path
        for link, target in self._links.items():
            if path == target or path.startswith(f"{target}/"):
                yield link + path.removeprefix(target)

    @cached_property
    def _links(self) -> dict[str, str]:
        """The links that lead to values: their paths, and the paths of their targets."""
        root = os.path.join(self.changed.head.root, self.changed.prefix)
        found: dict[str, str] = {}
        for folder in _LINKED:
            names = ["values"] if not folder else _listed(os.path.join(root, folder))
            for path in (f"{folder}/{name}".lstrip("/") for name in names):
                if os.path.islink(os.path.join(root, path)):
                    target = os.path.realpath(os.path.join(root, path))
                    found[path] = os.path.relpath(target, os.path.realpath(root))
        return found

    def _touch(self, name: str, reason: str) -> Touch:
        touch = self._found.setdefault(name, Touch())
        touch.reasons[reason] = None
        return touch

    def _planned(self, name: str) -> tuple[PlannedEnvironment | None, PlannedEnvironment | None]:
        """The environment in the base and in the head; None where it does not exist."""
        base, head = (side.planned(name) if name in side.names else None for side in self.sides)
        return base, head

    def _every_component(self, name: str) -> set[str]:
        return {one for side in self.sides for one in side.component_names(name)}

    def _of_changed_values(self, name: str) -> set[str]:
        """The components whose plans differ; all if values differ that belong to no component."""
        base, head = self._planned(name)
        if base is None or head is None or not are_identical(base.shared, head.shared):
            return self._every_component(name)
        before, after = base.inputs, head.inputs
        names = before.keys() | after.keys()
        return {one for one in names if not are_identical(before.get(one), after.get(one))}


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []
