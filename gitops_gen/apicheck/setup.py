"""The first request to a process: is it the right program, and which rules does it have?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gitops_gen.apicheck import wire
from gitops_gen.apicheck.process import ApicheckProcess, Nonsense, Stopped
from gitops_gen.apicheck.program import ADVICE, ApicheckProgram
from gitops_gen.errors import ToolFailed

PATIENCE = 30
"""Seconds until the answer to the setup, which usually takes less than a tenth of a second."""
_NUMBER = 1
_NEWEST = "1.999"
"""A version that each program accepts."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The answer of a program to the setup."""

    notes: tuple[str, ...] = ()
    linked: str = ""
    """The release of Kubernetes whose rules the program contains."""
    manifest_bytes: int = 0
    unsupported: str = ""
    """Why the program cannot apply the rules of that version; empty if it can."""


def set_up(
    process: ApicheckProcess, program: ApicheckProgram, kubernetes: str, patience: float
) -> Ready:
    """Sets up a process. Raises ToolFailed for a program that must not be used."""
    setup = {"operation": "setup", "protocol": wire.VERSION, "kubernetes": kubernetes}
    process.send(wire.line(_NUMBER, setup))
    try:
        result = wire.result(process.receive(patience), _NUMBER)
        sources = result["sources"]
    except wire.Refused as refused:
        return _unsupported(refused, program)
    except Stopped as stopped:
        last_error = process.last_errors().partition("\n")[0]
        reason = f"{stopped}{f': {last_error}' if last_error else ''}"
        raise ToolFailed(f"{program.path} cannot be used: {reason}; {ADVICE}") from None
    except (KeyError, Nonsense):
        raise ToolFailed(f"{program.path} is not apicheck, or is too old; {ADVICE}") from None
    if sources != program.sources:
        raise ToolFailed(_of_other_sources(program))
    return _ready(result, program)


def linked_version(program: ApicheckProgram) -> str:
    """Returns the release of Kubernetes whose rules the program contains, such as "1.36.1".

    Raises ToolFailed.
    """
    process = started(program)
    try:
        return set_up(process, program, _NEWEST, PATIENCE).linked
    finally:
        process.close()


def started(program: ApicheckProgram) -> ApicheckProcess:
    try:
        return ApicheckProcess(program.path)
    except OSError as error:
        message = f"{program.path} cannot be started: {error.strerror}; {ADVICE}"
        raise ToolFailed(message) from error


def _unsupported(refused: wire.Refused, program: ApicheckProgram) -> Ready:
    if refused.reason == "UnsupportedMinor":
        return Ready(unsupported=str(refused))
    if refused.reason == "WrongProtocol":
        raise ToolFailed(_of_other_sources(program))
    raise ToolFailed(f"{program.path} cannot be used: {refused}")


def _of_other_sources(program: ApicheckProgram) -> str:
    return (
        f"{program.path} was not built from the sources of this version of gitops-gen, "
        f"so it may apply different rules; {ADVICE}"
    )


def _ready(result: dict[str, Any], program: ApicheckProgram) -> Ready:
    try:
        notes = tuple(str(note) for note in result["notJudged"])
        return Ready(notes, str(result["linked"]), int(result["limits"]["manifestBytes"]))
    except (KeyError, TypeError, ValueError):
        raise ToolFailed(f"{program.path} gave an incomplete answer; {ADVICE}") from None
