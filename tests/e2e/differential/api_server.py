"""A real API server validates many objects as dry runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from gitops_gen.rehearse.sandbox import Sandbox
from gitops_gen.rehearse.servers.api import Answer, Resource, Unreachable
from gitops_gen.rehearse.servers.folder import scratch
from gitops_gen.rehearse.servers.isolation import isolated
from gitops_gen.rehearse.servers.tools import Tools
from tests.e2e.differential.seeds import CRD, Kind

FAILED = "the server itself fails at the object"
WORKERS = 4
NAMESPACES = ("app", "bounded", "corpus", "database", "shop")
"""LimitRanges and ResourceQuotas are in a namespace without other objects."""
DRY_RUN = {"dryRun": "All", "fieldValidation": "Strict"}


@dataclass(frozen=True, slots=True)
class Question:
    kind: Kind
    namespace: str
    text: str


@dataclass(frozen=True, slots=True)
class ServerVerdict:
    """The answer of the server. Only `status` is set if it accepts the object."""

    status: int
    reason: str = ""
    message: str = ""
    causes: frozenset[tuple[str, str]] = frozenset()


def verdicts_on_new_objects(questions: list[Question], found: Tools) -> list[ServerVerdict]:
    with scratch(print) as folder:
        argument = (folder, found, questions)
        answers: list[ServerVerdict] = isolated(_inside, argument, folder, lambda _text: None)
        return answers


def _inside(argument: tuple[Any, ...], progress: Callable[[str], None]) -> list[ServerVerdict]:
    folder, found, questions = argument
    sandbox = Sandbox(found, folder, "eu-central-1", progress)
    sandbox.start_control_plane()
    prepare(sandbox, NAMESPACES)
    resources = sandbox.server.resources()
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(lambda item: _create(sandbox, resources, item), questions))


def prepare(sandbox: Sandbox, namespaces: Iterable[str]) -> None:
    """Creates what objects depend on: namespaces, ServiceAccounts and the CRD."""
    sandbox.put_crds({"crates.example.org": CRD.read_bytes()})
    for name in sorted({*namespaces, "default"}):
        sandbox.put_namespace(name)
        for account in ("default", "shop"):
            metadata = {"name": account, "namespace": name}
            sandbox.put({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata})


def _create(sandbox: Sandbox, resources: dict[Kind, Resource], question: Question) -> ServerVerdict:
    resource = resources.get(question.kind)
    if resource is None:
        return ServerVerdict(404, "NotServed")
    namespace = quote(question.namespace) if resource.namespaced else ""
    path, text = resource.path(namespace), question.text.encode()
    try:
        return verdict_in(sandbox.server.request("POST", path, DRY_RUN, text))
    except Unreachable:
        # A server that failed at one object answers the next one.
        sandbox.check()
        return ServerVerdict(500, "Unanswered", FAILED)


def verdict_in(answer: Answer) -> ServerVerdict:
    """Converts an answer. The server validates an object before it finds that the name exists."""
    body = answer.body if isinstance(answer.body, dict) else {"message": str(answer.body)}
    if answer.ok or body.get("reason") == "AlreadyExists":
        return ServerVerdict(201)
    causes = (body.get("details") or {}).get("causes") or ()
    return ServerVerdict(
        answer.status,
        body.get("reason", ""),
        body.get("message", json.dumps(body)),
        frozenset((cause.get("field", ""), cause.get("reason", "")) for cause in causes),
    )
