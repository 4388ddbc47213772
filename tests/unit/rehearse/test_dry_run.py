"""What an API server's answer means for an object."""

from __future__ import annotations

import pytest

from gitops_gen.rehearse.dry_run import Judge
from gitops_gen.rehearse.manifests import Manifest
from gitops_gen.rehearse.result import Identity, Verdict
from gitops_gen.rehearse.servers.api import Answer, Resource, Server

NO_RIGHT = 'services "backend" is forbidden: User "viewer" cannot patch resource "services"'
POLICY = 'services "backend" is forbidden: exceeded quota: services, requested: services=1'
RESOURCE = Resource("v1", "Service", "services", namespaced=True)
ITEM = Manifest(Identity("v1", "Service", "app", "backend"), "service.yaml", "backend", {})


class _Answering(Server):
    """One answer to every apply."""

    answer = Answer(200, {})

    def resources(self) -> dict[tuple[str, str], Resource]:
        return {("v1", "Service"): RESOURCE}

    def apply(self, path: str, body: object, manager: str, *, dry_run: bool) -> Answer:
        assert dry_run
        return self.answer


def _verdicts(answer: Answer, *, read_only: bool) -> list[Verdict]:
    server = _Answering("127.0.0.1", 1)
    object.__setattr__(server, "answer", answer)
    return [r.verdict for r in Judge(server, lambda _item, _text: None, read_only).remarks([ITEM])]


@pytest.mark.parametrize(
    ("status", "message", "verdict"),
    [
        (404, 'namespaces "app" not found', Verdict.NOT_CHECKED),
        (403, NO_RIGHT, Verdict.NOT_CHECKED),
        (403, POLICY, Verdict.REFUSED),
        (422, "is invalid", Verdict.REFUSED),
    ],
)
def test_in_a_live_cluster(status: int, message: str, verdict: Verdict) -> None:
    answer = Answer(status, {"message": message})
    assert _verdicts(answer, read_only=True) == [verdict]
    assert _verdicts(answer, read_only=False) == [Verdict.REFUSED]


def test_accepted() -> None:
    assert _verdicts(Answer(200, {}), read_only=True) == []
    assert _verdicts(Answer(200, {}, ("a",)), read_only=True) == [Verdict.WARNED]
