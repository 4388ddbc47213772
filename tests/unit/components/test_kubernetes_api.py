"""The table of the kinds of Kubernetes agrees with the API server's own types."""

from __future__ import annotations

import pytest

from gitops_gen.apicheck import ApicheckProgram, Lifecycle, Session
from gitops_gen.components.kubernetes_api import api_versions, served


@pytest.mark.parametrize("version", ["1.33", "1.34", "1.35", "1.36"])
def test_each_kind_is_served_by_the_version(real_program: ApicheckProgram, version: str) -> None:
    kinds = sorted(set(served(version)) | set(served("1.99")))
    listed = set(served(version))
    with Session(real_program, version) as session:
        lives = list(session.ask(Lifecycle(*one) for one in kinds))
    for kind, life in zip(kinds, lives, strict=True):
        state = next(one.state for one in life.states if one.kubernetes == version)
        assert (kind in listed) == (state in ("served", "deprecated")), (kind, state)


def test_a_kind_is_an_entry_of_its_own() -> None:
    assert {"apps/v1", "apps/v1/Deployment"} <= api_versions("1.35")
    assert "policy/v1beta1" not in api_versions("1.35")
    assert "resource.k8s.io/v1" not in api_versions("1.33")
