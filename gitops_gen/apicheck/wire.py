"""Writes and reads lines of the protocol in tools/apicheck/README.md."""

from __future__ import annotations

import json
from typing import Any

from gitops_gen.apicheck.process import Nonsense

VERSION = 1

_NO_NUMBER = 0
"""The number in the answer to a line that could not be read."""


class Refused(Exception):
    """The program cannot process a request. The text is the reason."""

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message)


def line(number: int, request: dict[str, Any]) -> bytes:
    return json.dumps({"id": number, **request}, ensure_ascii=False).encode() + b"\n"


def result(answer: bytes, number: int) -> dict[str, Any]:
    """Returns the result of the request with that number.

    Raises Refused or Nonsense. The text of Nonsense does not quote the answer.
    """
    try:
        return _result(json.loads(answer), number)
    except (KeyError, TypeError, ValueError, RecursionError):
        raise Nonsense("a line that does not follow the protocol") from None


def _result(answer: dict[str, Any], number: int) -> dict[str, Any]:
    if answer["id"] != number and not (answer["id"] == _NO_NUMBER and "error" in answer):
        raise Nonsense("an answer to another request")
    if "error" in answer:
        raise Refused(str(answer["error"]["reason"]), str(answer["error"]["message"]))
    found = answer["result"]
    if not isinstance(found, dict):
        raise TypeError
    return found
