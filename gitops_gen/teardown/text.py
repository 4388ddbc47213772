"""The way down for a reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gitops_gen.teardown.plan import Step, Teardown


def text(teardown: Teardown) -> str:
    return "\n".join(_lines(teardown)) + "\n"


def _lines(teardown: Teardown) -> Iterator[str]:
    account = f", account {teardown.account}" if teardown.account else ""
    place = f"{teardown.region}{account}"
    yield f"{teardown.environment}: the way down of the cluster {teardown.cluster} ({place})"
    yield ""
    yield "Nothing has been run. The commands are for the top of the repository, on a machine that"
    yield "reaches the cluster's API server."
    yield from _list("Lost for good", teardown.lost)
    yield from _list("Stays in the account, and costs until somebody deletes it", teardown.stays)
    for number, step in enumerate(teardown.steps, 1):
        yield from _step(number, step)


def _list(title: str, items: Iterable[str]) -> Iterator[str]:
    yield ""
    yield title
    yield from (f"- {item}" for item in items)


def _step(number: int, step: Step) -> Iterator[str]:
    mark = " (destroys)" if step.destroys else " (by hand)" if step.by_hand else ""
    yield ""
    yield f"{number}. {step.title}{mark}"
    yield f"   {step.why}"
    yield from (f"     {command}" for command in step.commands)
