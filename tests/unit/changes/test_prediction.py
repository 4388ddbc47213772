"""What a comparison predicts about events that a cluster shows: refusals, deletions, restarts."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen.changes.prediction import predicted
from tests.unit.changes.examples import Case, compared, consequences, manifest, repository
from tests.unit.revisions.examples import commit, write

DATABASE = "- {server: https://kubernetes.default.svc, namespace: database}"


@pytest.mark.parametrize(
    ("case", "events"),
    [
        (Case(removed=("service",)), ["Service shop/web pruned"]),
        (
            Case(("deployment",), {"web:1.4.2": "web:1.5.0"}),
            ["Deployment shop/web restarted"],
        ),
        (
            Case(("claim",), {"storage: 20Gi": "storage: 10Gi"}),
            ["PersistentVolumeClaim shop/uploads refused"],
        ),
        (Case(("deployment", "addon"), removed=("application",)), ["Deployment shop/web pruned"]),
        (Case(("configmap",), {"LOG_LEVEL: info": "LOG_LEVEL: debug"}), []),
    ],
    ids=["removed", "changed", "refused", "application-removed", "no-event"],
)
def test_each_kind_of_event_is_predicted(case: Case, events: list[str], tmp_path: Path) -> None:
    [environment] = compared(repository(tmp_path, case)).environments
    found = predicted(environment).events
    shown = [str(one) for one in sorted(found) if one.object.kind != "Application"]
    assert shown == events


def test_refusals_by_argocd_name_the_objects_and_not_the_project(tmp_path: Path) -> None:
    case = Case(("service", "statefulset"), {DATABASE: DATABASE.replace("database", "databases")})
    [environment] = compared(repository(tmp_path, case)).environments
    prediction = predicted(environment)
    assert [str(one) for one in prediction.events] == ["StatefulSet database/postgres refused"]
    assert prediction.by_argocd == prediction.events


def test_an_application_that_cannot_be_read_does_not_remove_its_objects(tmp_path: Path) -> None:
    root = repository(tmp_path, Case(("deployment", "addon")))
    write(root, {"argocd/prod/apps/shop.yaml": f"{manifest('application')}\n  broken: ["})
    (root / "argocd/prod/apps/application.yaml").unlink()
    commit(root)
    [environment] = compared(root).environments
    assert [one.subject for one in environment.not_compared] == ["HEAD:argocd/prod/apps/shop.yaml"]
    assert not [line for line in consequences(environment) if line.startswith("Deployment")]
