"""What servers say of an object, without the secrets in its manifest."""

from __future__ import annotations

from gitops_gen.model import Position, Values
from gitops_gen.rehearse.manifests import Manifest
from gitops_gen.rehearse.masking import masked
from gitops_gen.rehearse.result import (
    Drift,
    Field,
    Identity,
    Mode,
    Phase,
    Rehearsal,
    Remark,
    Step,
    Verdict,
)

BACKEND = Identity("apps/v1", "Deployment", "app", "backend")
LINE = Position("values/dev.yaml", 7, 3)
ENV = [{"name": "DB_PASSWORD", "value": "hunter2-zz"}, {"name": "LOG_LEVEL", "value": "debugging"}]
VALUE: Values = {"kind": "Deployment", "spec": {"containers": [{"name": "backend", "env": ENV}]}}


def rehearsal(text: str, live: str) -> Rehearsal:
    remark = Remark(Verdict.REFUSED, "kube-apiserver", BACKEND, text, "a.yaml", LINE)
    field = Field("spec.containers[0].env[0].value", live, None)
    step = Step("backend", 20, None, None, None, "OutOfSync", text, LINE)
    drift = Drift("backend", BACKEND, "differs from Git", (field,))
    phase = Phase("sync", "v1", 1.0, False, steps=(step,), remarks=(remark,), drift=(drift,))
    return Rehearsal("dev", "v1", Mode.FULL, (phase,), 1)


def told(text: str, live: str) -> Rehearsal:
    return masked(rehearsal(text, live), [Manifest(BACKEND, "a.yaml", "backend", VALUE)])


def test_a_secret_is_in_no_message_and_no_field() -> None:
    hidden = "Invalid value: the value (not shown: it may be a secret): too short"
    expected = rehearsal(hidden, "the value (not shown: it may be a secret)")
    assert told('Invalid value: "hunter2-zz": too short', "hunter2-zz") == expected


def test_everything_else_is_told_as_it_was_said() -> None:
    said = 'Deployment.apps "backend" is invalid: env "LOG_LEVEL": "debugging"'
    assert told(said, "debugging") == rehearsal(said, "debugging")


def test_what_a_definition_says_of_its_fields_is_no_secret() -> None:
    schema: Values = {"kind": "CustomResourceDefinition", "default": {"password": "an-example-1"}}
    item = Manifest(Identity("v1", "CustomResourceDefinition", "", "a"), "a.yaml", "crds", schema)
    said = rehearsal('"an-example-1"', "an-example-1")
    assert masked(said, [item]) == said
