"""A dry run against a cluster of the user's, through `kubectl proxy`. Nothing is changed."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gitops_gen.errors import ToolFailed
from gitops_gen.rehearse.dry_run import DryRun
from gitops_gen.rehearse.masking import masked
from gitops_gen.rehearse.plan import RehearsalPlan
from gitops_gen.rehearse.rehearsed_trees import read_trees
from gitops_gen.rehearse.result import Figures, LeftOut, Phase, Rehearsal
from gitops_gen.rehearse.servers import versions
from gitops_gen.rehearse.servers.api import Server

_SERVING = b"Starting to serve on"
_LONGEST_SOCKET_PATH = 107
"""Bytes: the limit of Linux for the path of a Unix socket (sun_path in sys/un.h)."""


def dry_run_against(plan: RehearsalPlan, kubeconfig: str, context: str | None) -> Rehearsal:
    """Objects whose namespace or kind is not in the cluster are `not checked`."""
    begin, trees, push = time.monotonic(), read_trees(plan), plan.pushes[-1]
    with _proxy(plan.tools.require("kubectl"), kubeconfig, context, plan.folder) as server:
        items = trees.rehearsed(trees.by_push[push.name], server.resources())
        remarks = DryRun(server, push.facts.line_behind, read_only=True).remarks(items)
        version = str(server.get("/version").body.get("gitVersion") or "")
    seconds = round(time.monotonic() - begin, 1)
    notes = versions.skew("the cluster", push.facts.kubernetes, version)
    rehearsal = Rehearsal(
        environment=plan.environment,
        revision=push.revision,
        mode=plan.mode,
        phases=(Phase("dry run", push.revision, seconds, True, remarks=remarks),),
        objects=len(items),
        left_out=(*trees.left_out, LeftOut("Argo CD", "a dry run asks the API server alone")),
        notes=(*push.facts.notes, *notes),
        versions=(("kube-apiserver", version.removeprefix("v")),) if version else (),
        figures=Figures(total=seconds),
    )
    return masked(rehearsal, trees.objects())


@contextmanager
def _proxy(program: str, kubeconfig: str, context: str | None, folder: Path) -> Iterator[Server]:
    """An API server behind `kubectl proxy`: kubectl supports every way to log in.

    Whoever reaches the proxy may do all that the user may. It therefore listens on a socket in a
    folder of this user's; a port would be open to everyone on this machine.
    """
    address = folder / "kubectl"
    if len(bytes(address)) > _LONGEST_SOCKET_PATH:
        raise ToolFailed(
            f"the path {address} is too long for a Unix socket; set TMPDIR to a shorter one"
        )
    command = [program, "--kubeconfig", kubeconfig]
    command += ["--context", context] if context else []
    process = subprocess.Popen(
        [*command, "proxy", f"--unix-socket={address}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        line = process.stdout.readline() if process.stdout else b""
        if not line.startswith(_SERVING):
            process.terminate()
            problem = process.communicate()[1].decode(errors="replace").strip()
            raise ToolFailed(f"kubectl proxy: {problem or 'did not start'}")
        server = Server("localhost", 0, socket=address)
        _require_answer(server)
        yield server
    finally:
        process.terminate()
        process.communicate()


def _require_answer(server: Server) -> None:
    answer = server.get("/version")
    if not answer.ok:
        raise ToolFailed(f"the cluster does not answer: {answer.message[:400]}")
