"""Downloads the archives that a render needs and that are not on this machine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from gitops_gen.inputs import Loaded
from gitops_gen.render import Listener
from gitops_gen.render.plan.plan import archives

if TYPE_CHECKING:
    from gitops_gen.workspace.workspace import Workspace

# Seconds without an answer of a server.
_PATIENCE = 30


def pull_missing(workspace: Workspace, loaded: Iterable[Loaded], listener: Listener) -> bool:
    """Downloads the archives of these environments, and returns whether there were any to download.

    Only archives whose digests are in charts.lock are downloaded. Raises InvalidInput or ToolFailed
    if one of them is not available.
    """
    plans = [workspace.plan(one.environment) for one in loaded]
    missing = workspace.archives.missing(digest for plan in plans for digest in archives(plan))
    if not missing:
        return False
    from gitops_gen.charts.cache import ArchiveStore
    from gitops_gen.charts.publisher import Publishers
    from gitops_gen.charts.pulling import pull
    from gitops_gen.charts.web import Web

    publishers = Publishers(Web(listener.progress, _PATIENCE))
    for pulled in pull(missing, ArchiveStore(workspace.revision), publishers):
        listener.note(f"downloaded {pulled.chart.label} from {pulled.chart.source}")
    return True
