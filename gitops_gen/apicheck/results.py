"""Converts results of the program to answers.

A result that does not follow the protocol raises AttributeError, KeyError, TypeError or ValueError.
"""

from __future__ import annotations

from typing import Any

from gitops_gen.apicheck.answers import (
    Change,
    Fault,
    Life,
    MinorState,
    NormalForm,
    ObjectValidation,
    Outcome,
)
from gitops_gen.apicheck.wording import Wording
from gitops_gen.model import FieldPath, Path

Result = dict[str, Any]

_STATES = frozenset({"served", "deprecated", "removed", "notYet", "off", "unknown"})
_NOT_KNOWN = "this API version of the kind is not known"


def validation(result: Result, manifests: tuple[bytes, ...]) -> ObjectValidation:
    outcome = _word(result, "outcome", "accepted", "refused", "notChecked")
    if outcome == "accepted":
        return ObjectValidation(Outcome.HOLDS)
    if outcome == "notChecked":
        return ObjectValidation(Outcome.NOT_CHECKED, why=_why(result, manifests))
    wording = Wording.of(manifests)
    faults = tuple(_fault(item, wording) for item in result["causes"])
    if not faults:
        raise ValueError("refused without a cause")
    return ObjectValidation(Outcome.FOUND, faults)


def normal_form(result: Result, manifests: tuple[bytes, ...]) -> NormalForm:
    if _word(result, "outcome", "accepted", "notChecked") == "notChecked":
        return NormalForm(Outcome.NOT_CHECKED, why=_why(result, manifests))
    found = result.get("changes") or ()
    wording = Wording.of(manifests) if found else None
    changes = tuple(_change(item, wording) for item in found) if wording else ()
    stored = _map(result["object"])
    return NormalForm(Outcome.FOUND if changes else Outcome.HOLDS, changes, stored)


def life(result: Result) -> Life:
    states = tuple(
        MinorState(text(item, "kubernetes"), _word(item, "state", *_STATES))
        for item in result["states"]
    )
    message = Wording.of(()).message(text(result, "message", ""))
    outcome = _outcome_of({item.state for item in states})
    return Life(
        outcome,
        states,
        introduced_in=text(result, "introducedIn", ""),
        deprecated_in=text(result, "deprecatedIn", ""),
        removed_in=text(result, "removedIn", ""),
        replacement=_replacement(result.get("replacement")),
        message=message,
        why=(message or _NOT_KNOWN) if outcome is Outcome.NOT_CHECKED else "",
    )


def learned(result: Result) -> ObjectValidation:
    if type(result["crds"]) is not int:
        raise TypeError("crds is not a number")
    return ObjectValidation(Outcome.HOLDS)


def text(result: Result, key: str, default: str | None = None) -> str:
    value = result[key] if default is None else result.get(key, default)
    if not isinstance(value, str):
        raise TypeError(f"{key} is not a string")
    return value


def _why(result: Result, manifests: tuple[bytes, ...]) -> str:
    """Returns why an object was not checked, without secrets of the manifest.

    Only after a colon, the reason quotes the server and so perhaps the manifest. Otherwise the
    manifest is not searched for secrets, which would take longer than its validation.
    """
    why = text(result, "why")
    return Wording.of(manifests if ":" in why else ()).message(why)


def _outcome_of(states: set[str]) -> Outcome:
    if not states:
        raise ValueError("there is no version")
    if states == {"served"}:
        return Outcome.HOLDS
    return Outcome.NOT_CHECKED if states <= {"served", "unknown"} else Outcome.FOUND


def _replacement(value: Any) -> str:
    return f"{text(value, 'apiVersion')} {text(value, 'kind')}" if value is not None else ""


def _fault(item: Result, wording: Wording) -> Fault:
    path = wording.path(text(item, "field"))
    line = item.get("line")
    if line is not None and type(line) is not int:
        raise TypeError("line is not a number")
    message = wording.message(text(item, "message"), path)
    return Fault(FieldPath(path), text(item, "reason"), message, line)


def _change(item: Result, wording: Wording) -> Change:
    path = _path(item["path"])
    dropped = _word(item, "how", "dropped", "changed") == "dropped"
    after = "" if dropped else wording.value(item["to"], path)
    return Change(FieldPath(path), dropped, wording.value(item["from"], path), after)


def _path(parts: list[Any]) -> Path:
    if not all(type(part) in (str, int) for part in parts):
        raise TypeError("path contains something other than keys and indexes")
    return tuple(parts)


def _word(result: Result, key: str, *words: str) -> str:
    value = text(result, key)
    if value not in words:
        raise ValueError(f"{key} is not one of {', '.join(words)}")
    return value


def _map(value: Any) -> Result:
    if not isinstance(value, dict):
        raise TypeError("the object is not a map")
    return value
