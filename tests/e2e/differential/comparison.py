"""Compares two verdicts on the same object, and counts disagreements by kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.e2e.differential.api_server import FAILED, ServerVerdict

DECODING = frozenset({"UnknownField", "DuplicateField", "WrongType"})
"""Reasons of apicheck if the server answers with a message and no causes."""

STATE = {
    "the namespace is missing": r'^namespaces ".*" not found$',
    "the namespace is being deleted": r"because it is being terminated",
    "the ServiceAccount is missing": r"error looking up service account",
    "the PriorityClass decides on the priority": (
        r"no PriorityClass with name|integer value of priority|is already marked as default"
    ),
    "the RuntimeClass is missing or differs": r"pod rejected: (RuntimeClass|Pod Overhead)",
    "an address is outside of the Service range": r"IP .* is not in the valid range",
    "the user may not grant this": r"is attempting to grant RBAC",
    FAILED: FAILED,
}
"""Messages of the server that depend on other objects, on its flags or on the user."""

IP_FAMILIES = "the IP families of the cluster"
"""In the answer that an object is not checked because the cluster is not known."""

NOT_CONFIGURED = re.compile(r"not configured on this cluster|this cluster is not configured")
"""In the message of a server whose cluster has none but IPv4."""

UNALLOCATED = "provided port is not in the valid range"
"""A fault that the server finds only if it is not a dry run."""


@dataclass
class Tally:
    total: int = 0
    refused: int = 0
    same_verdict: int = 0
    compared_fields: int = 0
    same_fields: int = 0
    by_state: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, server: ServerVerdict, verdict: dict[str, Any]) -> None:
        self.total += 1
        if state := _state(server):
            self.by_state[state] += 1
            return
        refused = server.status >= 300
        if not refused and any(UNALLOCATED in c["message"] for c in verdict.get("causes", ())):
            self.by_state["a dry run allocates no node port"] += 1
            return
        refused_by_apicheck = verdict["outcome"] == "refused"
        if IP_FAMILIES in verdict.get("why", "") or (
            refused_by_apicheck and NOT_CONFIGURED.search(server.message)
        ):
            self.by_state[IP_FAMILIES] += 1
            return
        self.refused += refused
        if refused != refused_by_apicheck:
            self.verdicts[_line(kind, server, verdict)] += 1
            return
        self.same_verdict += 1
        if refused:
            self._add_fields(kind, server, verdict)

    def _add_fields(self, kind: str, server: ServerVerdict, verdict: dict[str, Any]) -> None:
        self.compared_fields += 1
        if same_causes(server, verdict["causes"]):
            self.same_fields += 1
        else:
            self.fields[_line(kind, server, verdict)] += 1

    def disagreements(self) -> list[str]:
        found = [("verdict", self.verdicts), ("fields", self.fields)]
        return [
            f"{what} of {count} x {line}"
            for what, lines in found
            for line, count in lines.most_common()
        ]

    def summary(self) -> str:
        judged = self.total - self.by_state.total()
        return (
            f"{self.total} objects, {self.refused} refused; verdicts equal: {self.same_verdict} of "
            f"{judged}; fields equal: {self.same_fields} of {self.compared_fields}; needs state: "
            f"{dict(self.by_state)}"
        )


def same_causes(server: ServerVerdict, causes: Iterable[dict[str, Any]]) -> bool:
    """Compares faults of decoding by their messages, and all others by field and reason."""
    ours = list(causes)
    if server.causes:
        return server.causes == {(cause["field"], cause["reason"]) for cause in ours}
    if any(cause["reason"] in DECODING for cause in ours):
        messages = {cause["message"] for cause in ours}
        return _decoding_faults(server.message) == len(messages) and all(
            message in server.message for message in messages
        )
    return {cause["reason"] for cause in ours} == {server.reason}


def _decoding_faults(message: str) -> int:
    """Returns the number of faults in a message: strict decoding reports all, other errors one."""
    _, strict, faults = message.partition("strict decoding error: ")
    return len(set(_FAULT.findall(faults))) if strict else 1


_FAULT = re.compile(r'(?:unknown|duplicate) field "[^"]*"|json: .*|yaml: .*')


def _state(server: ServerVerdict) -> str:
    if server.status < 300 or len(server.causes) > 1:
        return ""
    return next((name for name, form in STATE.items() if re.search(form, server.message)), "")


def _line(kind: str, server: ServerVerdict, verdict: dict[str, Any]) -> str:
    theirs = f"{server.reason} {sorted(server.causes) or server.message[:300]}"
    causes = verdict.get("causes", ())
    ours = [(cause["field"], cause["reason"], cause["message"][:80]) for cause in causes]
    return f"{kind}: server {server.status} {theirs} | apicheck {verdict['outcome']} {ours}"
