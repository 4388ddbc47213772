"""A dry run against a cluster that is there: read only, through kubectl's own way to it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gitops_gen.errors import ToolFailed
from gitops_gen.rehearse.dry_run import Judge
from gitops_gen.rehearse.masking import masked
from gitops_gen.rehearse.result import Figures, LeftOut, Phase, Rehearsal
from gitops_gen.rehearse.scene import Plan, scene
from gitops_gen.rehearse.servers import versions
from gitops_gen.rehearse.servers.api import Server

_SERVING = b"Starting to serve on"


def against(plan: Plan, kubeconfig: str, context: str | None) -> Rehearsal:
    """What has no namespace or kind there is `not checked`."""
    begin, shown, push = time.monotonic(), scene(plan), plan.pushes[-1]
    with _proxy(plan.tools.require("kubectl"), kubeconfig, context, plan.folder) as server:
        items = shown.rehearsed(shown.trees[push.name], server.resources())
        remarks = Judge(server, push.known.place, read_only=True).remarks(items)
        version = str(server.get("/version").body.get("gitVersion") or "")
    seconds = round(time.monotonic() - begin, 1)
    notes = versions.skew("the cluster", push.known.kubernetes, version)
    rehearsal = Rehearsal(
        environment=plan.environment,
        revision=push.revision,
        mode=plan.mode,
        phases=(Phase("dry run", push.revision, seconds, True, remarks=remarks),),
        objects=len(items),
        left_out=(*shown.left_out, LeftOut("Argo CD", "a dry run asks the API server alone")),
        notes=(*push.known.notes, *notes),
        versions=(("kube-apiserver", version.removeprefix("v")),) if version else (),
        figures=Figures(total=seconds),
    )
    return masked(rehearsal, shown.manifests())


@contextmanager
def _proxy(program: str, kubeconfig: str, context: str | None, folder: Path) -> Iterator[Server]:
    """kubectl knows every way to log in; we speak plain HTTP to it.

    Whoever reaches it may do all that the user may: a socket in a folder that is ours alone, since
    a port would be open to everyone on this machine.
    """
    place = folder / "kubectl"
    command = [program, "--kubeconfig", kubeconfig]
    command += ["--context", context] if context else []
    process = subprocess.Popen(
        [*command, "proxy", f"--unix-socket={place}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        line = process.stdout.readline() if process.stdout else b""
        if not line.startswith(_SERVING):
            process.terminate()
            problem = process.communicate()[1].decode(errors="replace").strip()
            raise ToolFailed(f"kubectl proxy: {problem or 'did not start'}")
        server = Server("localhost", 0, socket=place)
        _require_answer(server)
        yield server
    finally:
        process.terminate()
        process.communicate()


def _require_answer(server: Server) -> None:
    answer = server.get("/version")
    if not answer.ok:
        raise ToolFailed(f"the cluster does not answer: {answer.message[:400]}")
