"""Names the objects that a render adds, changes and removes, apart from all other files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from gitops_gen.errors import InvalidInput
from gitops_gen.model import Tree, printable
from gitops_gen.objects import layout
from gitops_gen.objects.reading import manifests_in
from gitops_gen.render.write.request import Counted, ObjectChanges
from gitops_gen.tree import Changes


def object_changes(environment: str, changes: Changes, tree: Tree) -> ObjectChanges:
    """Returns the changes of an environment; `tree` contains the new files."""
    new, changed, removed = changes.created, changes.changed, changes.removed
    added = set(_objects(environment, new, tree))
    gone = set(_objects(environment, removed, changes.contents))
    # An object whose file has another path, for example in another component, is only changed.
    still_there = {*_objects(environment, changed, tree), *(added & gone)}
    objects = (added - still_there, still_there, gone - still_there)
    other_files = (tuple(_without_objects(environment, paths)) for paths in (new, changed, removed))
    return ObjectChanges(
        Counted(*(tuple(sorted(names)) for names in objects)), Counted(*other_files)
    )


def _holds_objects(environment: str, path: str) -> bool:
    folders = (layout.manifests(environment, ""), f"{layout.argocd(environment)}/")
    return path.startswith(folders)


def _without_objects(environment: str, paths: Iterable[str]) -> Iterator[str]:
    return (path for path in paths if not _holds_objects(environment, path))


def _objects(environment: str, paths: Iterable[str], contents: Tree) -> Iterator[str]:
    """Yields the names of the objects in files. A file that cannot be read is named itself."""
    for path in paths:
        if _holds_objects(environment, path):
            names = []
            with suppress(InvalidInput):
                names = [printable(str(one)) for one in manifests_in(contents[path], path, "")]
            yield from names or [path]
