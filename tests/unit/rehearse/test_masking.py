"""Messages of servers about an object, without the secrets in its manifest."""

from __future__ import annotations

from gitops_gen.model import FieldPath, ObjectId, Position, Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.rehearse.masking import masked
from gitops_gen.rehearse.result import (
    Drift,
    DriftField,
    Mode,
    ObjectReference,
    Phase,
    Rehearsal,
    Remark,
    RemarkVerdict,
    SyncStep,
)

ID = ObjectId("apps", "Deployment", "app", "backend")
BACKEND = ObjectReference(ID, "apps/v1")
LINE = Position("values/dev.yaml", 7, 3)
ENV = [{"name": "DB_PASSWORD", "value": "hunter2-zz"}, {"name": "LOG_LEVEL", "value": "debugging"}]
VALUE: Values = {"kind": "Deployment", "spec": {"containers": [{"name": "backend", "env": ENV}]}}


def rehearsal(text: str, live: str) -> Rehearsal:
    remark = Remark(RemarkVerdict.REFUSED, "kube-apiserver", BACKEND, text, "a.yaml", LINE)
    field = DriftField(FieldPath(("spec", "containers", 0, "env", 0, "value")), live, None)
    step = SyncStep("backend", 20, None, None, None, "OutOfSync", text, LINE)
    drift = Drift("backend", BACKEND, "differs from Git", (field,))
    phase = Phase("sync", "v1", 1.0, False, steps=(step,), remarks=(remark,), drift=(drift,))
    return Rehearsal("dev", "v1", Mode.FULL, (phase,), 1)


def masked_rehearsal(text: str, live: str) -> Rehearsal:
    return masked(rehearsal(text, live), [KubeObject(ID, "apps/v1", VALUE)])


def test_a_secret_is_in_no_message_and_no_field() -> None:
    hidden = "Invalid value: the value (not shown: it may be a secret): too short"
    expected = rehearsal(hidden, "the value (not shown: it may be a secret)")
    assert masked_rehearsal('Invalid value: "hunter2-zz": too short', "hunter2-zz") == expected


def test_everything_else_stays_as_it_was() -> None:
    said = 'Deployment.apps "backend" is invalid: env "LOG_LEVEL": "debugging"'
    assert masked_rehearsal(said, "debugging") == rehearsal(said, "debugging")


def test_what_a_definition_says_of_its_fields_is_no_secret() -> None:
    schema: Values = {"kind": "CustomResourceDefinition", "default": {"password": "an-example-1"}}
    identity = ObjectId("apiextensions.k8s.io", "CustomResourceDefinition", "", "a")
    item = KubeObject(identity, "apiextensions.k8s.io/v1", schema)
    said = rehearsal('"an-example-1"', "an-example-1")
    assert masked(said, [item]) == said
