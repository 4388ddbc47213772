"""Writes the archives of locked charts to charts/upstream/vendor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from gitops_gen.charts.cache import ArchiveStore
from gitops_gen.charts.files import VENDOR
from gitops_gen.charts.lock import LockedChart
from gitops_gen.charts.publisher import Publishers
from gitops_gen.charts.pulling import archives, vendored_files
from gitops_gen.revisions import WorkTree


def vendor(
    root: str,
    charts: Sequence[LockedChart],
    publishers: Publishers,
    waiting: Callable[[str], None],
) -> Iterator[str]:
    """Writes the archives of all charts, and removes other archives: all of them, or none.

    Yields a line for each file that changed.
    """
    from gitops_gen.tree import lock, put_all

    tree = WorkTree(root)
    found = archives(charts, ArchiveStore(tree), publishers)
    contents = {f"{VENDOR}/{chart.file_name}": data for chart, data in found}
    new = {path: data for path, data in contents.items() if _differs(tree, path, data)}
    present = (f"{VENDOR}/{name}" for name in vendored_files(tree))
    removed = [path for path in present if path not in contents]
    with lock(root, waiting=waiting) as locked:
        put_all(locked, new, removed)
    yield from (f"written: {path}" for path in new)
    yield from (f"removed: {path}" for path in removed)
    if not (new or removed):
        yield f"{VENDOR}: no change"


def _differs(tree: WorkTree, path: str, data: bytes) -> bool:
    from gitops_gen.charts.archive import LARGEST_ARCHIVE

    return not tree.exists(path) or tree.read(path, LARGEST_ARCHIVE) != data
