"""Ctrl-C also ends work that does not return to the event loop, such as reading a large output."""

from __future__ import annotations

import os
import signal

import pytest

from gitops_gen.render.helm_runs import interruptible

STEPS = 1000


async def interrupted_work(done: list[int]) -> None:
    with interruptible.synchronous_work():
        for step in range(STEPS):
            done.append(step)
            os.kill(os.getpid(), signal.SIGINT)


def test_a_signal_ends_synchronous_work_at_once() -> None:
    done: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        interruptible.run(interrupted_work(done))
    assert len(done) < STEPS


async def finished_work() -> str:
    with interruptible.synchronous_work():
        return "finished"


def test_work_without_a_signal_finishes() -> None:
    assert interruptible.run(finished_work()) == "finished"
