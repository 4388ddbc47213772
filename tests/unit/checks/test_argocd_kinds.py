"""Applications and AppProjects are validated with the schemas that gitops-gen contains."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gitops_gen.apicheck import Create, Normalize, Outcome, Patience, Session
from gitops_gen.checks.api.sessions import Sessions
from tests.repository import APICHECK, ROOT, WITHOUT_APICHECK

APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web, namespace: argocd}
spec:
  project: dev
  destination: {server: https://kubernetes.default.svc, namespace: app}
  source: {repoURL: https://example.com/a.git, helm: {valuesObject: {any: [1, {b: c}]}}}
  syncPolicy: {automated: {prune: true}, retry: {limit: 5}, syncOptions: [PruneLast=true]}
"""
PROJECT = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: dev, namespace: argocd}
spec:
  destinations: [{server: "*", namespace: "*"}]
  namespaceResourceWhitelist: [{group: apps, kind: Deployment}]
"""


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    if APICHECK is None:
        pytest.skip(WITHOUT_APICHECK)
    sessions = Sessions(APICHECK, Patience())
    yield sessions.session("1.35", ())
    sessions.close()


@pytest.mark.parametrize("manifest", [APPLICATION, PROJECT])
def test_valid_objects_hold(session: Session, manifest: str) -> None:
    [answer] = session.ask([Create(manifest.encode())])
    assert (answer.outcome, answer.faults) == (Outcome.HOLDS, ())


@pytest.mark.parametrize(
    ("manifest", "old", "new", "field"),
    [
        (APPLICATION, "destination:", "destinations:", "spec.destination"),
        (APPLICATION, "project: dev", "revisionHistoryLimit: 3", "spec.project"),
        (APPLICATION, "repoURL: https://example.com/a.git", "path: a", "spec.source.repoURL"),
        (APPLICATION, "prune: true", 'prune: "true"', "spec.syncPolicy.automated.prune"),
        (APPLICATION, "retry", "retries", "spec.syncPolicy.retries"),
        (APPLICATION, "helm: {", "helm: {value: {}, ", "spec.source.helm.value"),
        (PROJECT, "kind: Deployment", "kinds: Deployment", "namespaceResourceWhitelist[0].kind"),
        (PROJECT, "spec:", "status: {}\nspecs:", "spec"),
    ],
)
def test_faults_are_refused(
    session: Session, manifest: str, old: str, new: str, field: str
) -> None:
    assert old in manifest
    [answer] = session.ask([Create(manifest.replace(old, new).encode())])
    assert answer.outcome is Outcome.FOUND
    assert any(field in f"{fault.path} {fault.message}" for fault in answer.faults)


def test_the_schemas_drop_and_change_no_field_of_the_example(session: Session) -> None:
    files = sorted((ROOT / "argocd").glob("*/apps/*.yaml"))
    assert len(files) > 10
    for answer in session.ask([Normalize(file.read_bytes()) for file in files]):
        assert (answer.outcome, answer.changes) == (Outcome.HOLDS, ())
