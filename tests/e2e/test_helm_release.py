"""The umbrella chart as a Helm release: `helm uninstall` does not delete the database."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gitops_gen.helm import executable
from gitops_gen.rehearse.sandbox import SECONDS, Sandbox
from gitops_gen.rehearse.servers import standins
from gitops_gen.rehearse.servers.folder import scratch
from gitops_gen.rehearse.servers.isolation import isolated
from gitops_gen.rehearse.servers.tools import Tools, tools
from tests.e2e.acts import BACKEND, CLAIM, DATABASE, STATEFUL_SET
from tests.e2e.repositories import Tell, example

DATA = (DATABASE, STATEFUL_SET, CLAIM)


def test_an_uninstalled_umbrella_leaves_the_database(tmp_path: Path, tell: Tell) -> None:
    umbrella = example(tmp_path / "repository") / "rendered/dev/umbrella"
    with scratch(print) as folder:
        argument = (folder, tools(), executable(print).path, umbrella)
        facts = isolated(_release, argument, folder, lambda _text: None)
    tell(facts)
    assert None not in facts["installed"]
    assert facts["uninstalled"] == facts["installed"]


def _release(
    argument: tuple[Path, Tools, str, Path], progress: Callable[[str], None]
) -> dict[str, Any]:
    folder, found, helm, umbrella = argument
    sandbox = Sandbox(found, folder, "eu-central-1", progress)
    sandbox.start_control_plane()
    sandbox.stand_in(standins.crd_groups())
    sandbox.start_controllers()

    def run(*arguments: str) -> None:
        command = [helm, *arguments, "--kubeconfig", str(sandbox.cluster.kubeconfig)]
        subprocess.run(command, env=sandbox.env, check=True)

    run("install", "platform", str(umbrella))
    sandbox.wait("the database's claim", lambda: sandbox.server.get(CLAIM).ok, SECONDS)
    facts = {"installed": _standing(sandbox)}
    run("uninstall", "platform")
    sandbox.wait("the tiers' end", lambda: not sandbox.server.get(BACKEND).ok, SECONDS)
    facts["uninstalled"] = _standing(sandbox)
    return facts


def _standing(sandbox: Sandbox) -> list[str | None]:
    """Returns the UID of each object, or None if it does not exist or is being deleted."""
    found = [sandbox.server.get(path) for path in DATA]
    metadata = [answer.body["metadata"] if answer.ok else {} for answer in found]
    return [None if "deletionTimestamp" in item else item.get("uid") for item in metadata]
