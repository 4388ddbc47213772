"""The results of a dry run for each kind of response of an API server."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen.model import ObjectId, Position
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.rehearse.dry_run import DryRun, as_served
from gitops_gen.rehearse.result import Remark, RemarkVerdict
from tests.unit.rehearse.api_server import ApiServer, Recorded, answers, serving

NO_RIGHT = 'services "backend" is forbidden: User "viewer" cannot patch resource "services"'
POLICY = 'services "backend" is forbidden: exceeded quota: services, requested: services=1'
FILE = "rendered/dev/manifests/backend/app/service-backend.yaml"
LINE = Position("values/dev.yaml", 6, 3)
SERVICE = KubeObject(ObjectId("", "Service", "app", "backend"), "v1", {"kind": "Service"}, FILE)
PATH = "PATCH /api/v1/namespaces/app/services/backend"


def remarks(
    folder: Path, answer: Recorded, item: KubeObject = SERVICE, *, read_only: bool = False
) -> tuple[Remark, ...]:
    api = ApiServer(answers(**{PATH: answer}))
    with serving(api, folder / "api") as server:
        found = DryRun(server, lambda _item: LINE, read_only).remarks([item])
    assert all(query["dryRun"] == ["All"] for r, query in api.queries.items() if r == PATH)
    return found


@pytest.mark.parametrize(
    ("status", "message", "verdict"),
    [
        (404, 'namespaces "app" not found', RemarkVerdict.NOT_CHECKED),
        (403, NO_RIGHT, RemarkVerdict.NOT_CHECKED),
        (403, POLICY, RemarkVerdict.REFUSED),
        (422, 'Service "backend" is invalid', RemarkVerdict.REFUSED),
    ],
)
def test_an_object_that_a_cluster_cannot_judge_is_not_checked(
    status: int, message: str, verdict: RemarkVerdict, tmp_path: Path
) -> None:
    answer = Recorded({"kind": "Status", "message": message}, status)
    [remark] = remarks(tmp_path, answer, read_only=True)
    assert (remark.verdict, remark.message) == (verdict, message)


@pytest.mark.parametrize("status", [403, 404, 422])
def test_in_a_rehearsal_what_is_not_accepted_is_refused(status: int, tmp_path: Path) -> None:
    [remark] = remarks(tmp_path, Recorded({"kind": "Status", "message": NO_RIGHT}, status))
    assert remark.verdict is RemarkVerdict.REFUSED
    assert (remark.by, str(remark.object)) == ("kube-apiserver", "Service app/backend")
    assert (remark.object.api_version, remark.file, remark.values) == ("v1", FILE, LINE)


def test_an_accepted_object_has_no_remark_but_the_warnings_of_the_server(tmp_path: Path) -> None:
    warning = 'metadata.name: a "quoted" text'
    escaped = warning.replace('"', '\\"')
    assert remarks(tmp_path, Recorded({"kind": "Service"})) == ()
    (tmp_path / "api").unlink()
    found = remarks(tmp_path, Recorded({"kind": "Service"}, 200, (escaped, "another")))
    assert [(r.verdict, r.message) for r in found] == [
        (RemarkVerdict.WARNED, warning),
        (RemarkVerdict.WARNED, "another"),
    ]


def test_the_warning_about_the_finalizer_of_argo_cd_is_left_out(tmp_path: Path) -> None:
    name = r"\"resources-finalizer.argocd.argoproj.io\""
    warning = f"metadata.finalizers: {name}: prefer a domain-qualified finalizer name to avoid"
    others = warning.replace("resources-finalizer.argocd.argoproj.io", "mine")
    [remark] = remarks(tmp_path, Recorded({"kind": "Service"}, 200, (warning, others)))
    assert '"mine"' in remark.message


def test_a_kind_that_is_not_served_is_refused_without_a_request(tmp_path: Path) -> None:
    identity = ObjectId("example.org", "Widget", "app", "one")
    [remark] = remarks(tmp_path, Recorded({}), KubeObject(identity, "example.org/v1", {}))
    assert remark.message == 'no matches for kind "Widget" in version "example.org/v1"'


def test_an_object_of_a_cluster_scoped_kind_has_no_namespace(tmp_path: Path) -> None:
    with serving(ApiServer(answers()), tmp_path / "api") as server:
        served = server.resources()
    namespace = KubeObject(ObjectId("", "Namespace", "app", "app"), "v1", {})
    widget = KubeObject(ObjectId("example.org", "Widget", "app", "one"), "example.org/v1", {})
    assert as_served(namespace, served).id == ObjectId("", "Namespace", "", "app")
    assert as_served(SERVICE, served) is SERVICE
    assert as_served(widget, served) is widget, "nothing is known of a kind that is not served"
