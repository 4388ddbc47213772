"""A dry run against the user's cluster through `kubectl proxy`. The cluster is not changed."""

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
    """Runs a dry run of the last push.

    Objects whose namespace or kind does not exist in the cluster are `not checked`.
    """
    begin, trees, push = time.monotonic(), read_trees(plan), plan.pushes[-1]
    with _proxy(plan.tools.require("kubectl"), kubeconfig, context, plan.folder) as server:
        items = trees.rehearsed(trees.by_push[push.name], server.resources())
        remarks = DryRun(server, push.facts.section_of, read_only=True).remarks(items)
        version = str(server.get("/version").body.get("gitVersion") or "")
    seconds = round(time.monotonic() - begin, 1)
    notes = versions.skew("the cluster", push.facts.kubernetes, version)
    rehearsal = Rehearsal(
        environment=plan.environment,
        revision=push.revision,
        mode=plan.mode,
        phases=(Phase("dry run", push.revision, seconds, True, remarks=remarks),),
        sent_objects=len(items),
        left_out=(*trees.left_out, LeftOut("Argo CD", "a dry run uses only the API server")),
        notes=(*push.facts.notes, *notes),
        versions=(("kube-apiserver", version.removeprefix("v")),) if version else (),
        figures=Figures(total=seconds),
    )
    return masked(rehearsal, trees.objects())


@contextmanager
def _proxy(program: str, kubeconfig: str, context: str | None, folder: Path) -> Iterator[Server]:
    """Starts `kubectl proxy`, because kubectl supports every authentication method.

    Every process that can connect to the proxy has the permissions of the user. The proxy therefore
    listens on a socket in a directory of this user; a port would be open to all users.
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
        raise ToolFailed(f"the cluster does not respond: {answer.message[:400]}")
