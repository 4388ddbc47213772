"""`gitops-gen charts`: upstream charts, locked by the digests of their archives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from gitops_gen.cli.findings import CommandOutput, format_option, refusals_in_format
from gitops_gen.cli.messages import note, progress
from gitops_gen.cli.repository import repository_root
from gitops_gen.report import formats

if TYPE_CHECKING:
    from gitops_gen.charts.lock import LockedChart
    from gitops_gen.charts.locking import LockChange
    from gitops_gen.charts.publisher import Publishers

SECONDS = 30

timeout_option = click.option(
    "--timeout",
    metavar="SECONDS",
    type=click.FloatRange(min=0.1),
    default=SECONDS,
    show_default=True,
    help="How long a server may send nothing before the request is repeated.",
)


@click.group(name="charts")
def command() -> None:
    """Lock, download and verify upstream charts.

    The versions that you choose are in charts/upstream/Chart.yaml, which has the form of a Helm
    chart with dependencies; gitops-gen includes the versions of its own add-ons. charts.lock beside
    it has the digests of all charts in use. Repositories and registries that require credentials
    are configured with `helm repo add` and `helm registry login`.
    """


@command.command(name="lock")
@click.option(
    "--upgrade",
    "upgrades",
    metavar="NAME[=VERSION]",
    multiple=True,
    help="Change the version of this add-on, by default to the newest one that its version range "
    "admits. May be repeated.",
)
@timeout_option
def lock(upgrades: tuple[str, ...], timeout: float) -> None:
    """Write charts/upstream/charts.lock, which has the digests of all upstream charts in use.

    Charts that are already locked stay as they are, and no request is made for them. --upgrade
    changes the version in charts/upstream/Chart.yaml, and adds the add-on if the file does not
    contain it.

    \b
    Examples:
      gitops-gen charts lock
      gitops-gen charts lock --upgrade cert-manager
      gitops-gen charts lock --upgrade cert-manager=v1.22.0
    """
    from gitops_gen.charts.locking import Upgrade
    from gitops_gen.revisions import WorkTree
    from gitops_gen.workspace.lock_charts import lock_charts, write_lock

    root = repository_root()
    asked = [Upgrade.parse(one) for one in upgrades]
    change, notes = lock_charts(WorkTree(root), asked, _publishers(timeout))
    progress("")
    write_lock(root, change, note)
    for text in notes:
        note(text)
    _print_lock_change(change)


def _print_lock_change(change: LockChange) -> None:
    from gitops_gen.charts.files import LOCK_FILE

    for chart in change.added:
        click.echo(f"locked: {chart.label} ({chart.source})")
    for chart in change.removed:
        click.echo(f"removed: {chart.label} ({chart.source})")
    if not (change.added or change.removed or change.pins):
        click.echo(f"{LOCK_FILE}: no change")


@command.command(name="pull")
@click.option(
    "--into",
    metavar="DIR",
    help="Write the archives to this directory of the repository, which must be "
    "charts/upstream/vendor, to keep them in Git.",
)
@timeout_option
def pull(into: str | None, timeout: float) -> None:
    """Download the archives of all locked charts that are not on this machine.

    The archives are stored in the cache of the user, each under the digest of its content. An
    archive with another digest than the locked one is refused. With --into, archives in the
    directory that are not locked any more are deleted.

    \b
    Examples:
      gitops-gen charts pull
      gitops-gen charts pull --into charts/upstream/vendor
    """
    from gitops_gen.charts.lock import read_lock
    from gitops_gen.revisions import WorkTree

    root = repository_root()
    if into is not None:
        _require_vendor(root, into)
    charts = read_lock(WorkTree(root)).charts
    if not charts:
        note("no chart is locked; run gitops-gen charts lock")
    elif into is None:
        _pull_to_cache(root, charts, _publishers(timeout))
    else:
        _pull_to_vendor(root, charts, _publishers(timeout))


def _require_vendor(root: str, into: str) -> None:
    import os

    from gitops_gen.charts.files import VENDOR

    if os.path.realpath(into) not in map(os.path.realpath, (VENDOR, os.path.join(root, VENDOR))):
        text = f"must be {VENDOR}, the only directory of archives that other commands read"
        raise click.BadParameter(text, param_hint="--into")


def _pull_to_cache(root: str, charts: Sequence[LockedChart], publishers: Publishers) -> None:
    from gitops_gen.charts.cache import ArchiveStore
    from gitops_gen.charts.pulling import pull as pull_charts
    from gitops_gen.revisions import WorkTree

    for one in pull_charts(charts, ArchiveStore(WorkTree(root)), publishers):
        progress("")
        state = "downloaded" if one.downloaded else "present"
        click.echo(f"{state}: {one.chart.label}")
    progress("")


def _pull_to_vendor(root: str, charts: Sequence[LockedChart], publishers: Publishers) -> None:
    from gitops_gen.workspace.vendor_charts import vendor

    for line in vendor(root, charts, publishers, note):
        progress("")
        click.echo(line)
    progress("")


@command.command(name="verify")
@format_option
@refusals_in_format
def verify(form: str) -> int:
    """Compare the archives in the cache and in charts/upstream/vendor with charts.lock.

    Exit with 1 if a chart in use is not locked, or if an archive is missing or has another digest.
    What no environment uses is a warning. The network is not used.
    """
    from gitops_gen.charts.lock import read_lock
    from gitops_gen.charts.verification import verify as problems
    from gitops_gen.model import Severity
    from gitops_gen.revisions import WorkTree
    from gitops_gen.workspace import Workspace
    from gitops_gen.workspace.upstream_charts import charts_in_use

    tree = WorkTree(repository_root())
    workspace = Workspace(tree)
    locked = read_lock(tree)
    found = problems(tree, locked, charts_in_use(workspace))
    output = CommandOutput(form)
    output.findings(workspace.names, found, ())
    if not found:
        output.line(f"{len(locked.charts)} charts are locked, and their archives are complete")
    return int(any(one.severity is Severity.ERROR for one in found))


@command.command(name="outdated")
@click.option(
    "--format",
    "form",
    type=click.Choice(formats("chart_versions")),
    default="text",
    show_default=True,
    help="Output format.",
)
@timeout_option
def outdated(form: str, timeout: float) -> int:
    """List newer versions of the upstream charts in use.

    A new major version may need other values, so that the newest version with the same major
    version is listed, too. Exit with 3 if the versions of a chart could not be read.
    """
    from gitops_gen.charts.lock import read_lock
    from gitops_gen.charts.outdated import outdated as compared
    from gitops_gen.report.chart_versions import versions_report
    from gitops_gen.revisions import WorkTree
    from gitops_gen.workspace import Workspace
    from gitops_gen.workspace.upstream_charts import charts_in_use

    tree = WorkTree(repository_root())
    used = charts_in_use(Workspace(tree))
    found = tuple(compared(used, read_lock(tree), _publishers(timeout)))
    progress("")
    click.echo(versions_report(form, found), nl=False)
    for one in found if form != "json" else ():
        if one.problem:
            note(f"{one.pin.section}: {one.problem}")
    return 3 if any(one.problem for one in found) else 0


def _publishers(timeout: float) -> Publishers:
    from gitops_gen.charts.publisher import Publishers
    from gitops_gen.charts.web import Web

    shown: Callable[[str], None] = progress
    return Publishers(Web(shown, timeout))
