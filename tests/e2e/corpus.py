"""Manifests with the expected message of an API server, in valid/ and invalid/, by reason.

A refused manifest begins with the message of the server, as comments.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from gitops_gen.rehearse.sandbox import Sandbox
from gitops_gen.rehearse.servers.api import APPLY
from gitops_gen.rehearse.servers.folder import scratch
from gitops_gen.rehearse.servers.isolation import isolated
from gitops_gen.rehearse.servers.tools import tools
from gitops_gen.yaml import yaml_load

FOLDER = Path(__file__).with_name("corpus")
CRDS = (
    *sorted((FOLDER / "crds").glob("*.yaml")),
    FOLDER.with_name("differential") / "seeds" / "custom-resource-definition.yaml",
)
"""Those of the custom resources among the manifests."""
NAMESPACE = "corpus"


def files(verdict: str) -> list[Path]:
    return sorted((FOLDER / verdict).rglob("*.yaml"))


def stated(file: Path) -> str:
    """Returns the expected message of the server, which the file contains."""
    lines = file.read_text().splitlines()
    return "\n".join(line.removeprefix("# ") for line in lines if line.startswith("# "))


def verdicts(paths: Sequence[Path]) -> dict[Path, str]:
    """Returns the server's message about each manifest; empty if the manifest is accepted."""
    with scratch(print) as folder:
        argument = (folder, tools(), list(paths))
        found = isolated(_inside, argument, folder, lambda _text: None)
    return dict(zip(paths, found, strict=True))


def _inside(argument: tuple, progress: Callable[[str], None]) -> list[str]:  # type: ignore[type-arg]
    folder, found, paths = argument
    sandbox = Sandbox(found, folder, "eu-central-1", progress)
    sandbox.start_control_plane()
    sandbox.put_namespace(NAMESPACE)
    account = {"name": "default", "namespace": NAMESPACE}
    sandbox.put({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": account})
    sandbox.put_crds(_crds())
    return [_verdict(sandbox, path) for path in paths]


def _crds() -> dict[str, bytes]:
    texts = [file.read_bytes() for file in CRDS]
    return {yaml_load(text)["metadata"]["name"]: text for text in texts}


def _verdict(sandbox: Sandbox, path: Path) -> str:
    value = yaml_load(path.read_bytes())
    resource = sandbox.server.resources().get((value["apiVersion"], value["kind"]))
    if resource is None:
        return f'no matches for kind "{value["kind"]}" in version "{value["apiVersion"]}"'
    metadata = value["metadata"]
    place = resource.path(metadata.get("namespace", ""), metadata["name"])
    query = {"fieldManager": "corpus", "fieldValidation": "Strict", "dryRun": "All"}
    answer = sandbox.server.request("PATCH", place, query, path.read_bytes(), APPLY)
    return "" if answer.ok else answer.message
