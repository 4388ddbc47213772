"""Starts the program of tools/apicheck, whose answers are compared with the API server."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from gitops_gen.gobuild import find

SOURCES = Path(__file__).parents[3] / "tools" / "apicheck"
PROTOCOL = 1


class Program:
    """One process of the program."""

    def __init__(self, kubernetes: str) -> None:
        path = find(SOURCES, "apicheck")
        assert path is not None, "make apicheck builds it"
        pipe = subprocess.PIPE
        self._process = subprocess.Popen([str(path)], stdin=pipe, stdout=pipe, env={})
        self._count = 0
        self.ready = self.ask("setup", protocol=PROTOCOL, kubernetes=kubernetes)

    def ask(self, operation: str, **fields: Any) -> dict[str, Any]:
        """Returns the result of a request. Fails the test if the answer is an error."""
        self._count += 1
        request = {"id": self._count, "operation": operation, **fields}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert "result" in answer, (request, answer)
        return answer["result"]

    def close(self) -> None:
        self._process.communicate()
