"""Reading Argo CD's comparisons from Redis."""

from __future__ import annotations

import socket

import pytest

from gitops_gen.errors import ToolFailed
from gitops_gen.rehearse.servers import redis


def test_one_that_is_gone_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    # The socket is bound, so that no other process gets the port, but nothing listens.
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        monkeypatch.setattr(redis, "PORT", silent.getsockname()[1])
        with pytest.raises(ToolFailed, match=r"redis-server does not respond: .*refused"):
            redis.get("app|*")
