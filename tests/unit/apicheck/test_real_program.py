"""The real program answers the questions that a check of manifests asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gitops_gen.apicheck import (
    ApicheckProgram,
    Create,
    Lifecycle,
    Normalize,
    ObjectValidation,
    Outcome,
    Session,
    Update,
)
from gitops_gen.model import FieldPath

MANIFESTS = Path(__file__).with_name("manifests")
PASSWORD = "hunter2zz"
HOLDS = ObjectValidation(Outcome.HOLDS)


def manifest(name: str) -> bytes:
    return (MANIFESTS / f"{name}.yaml").read_bytes()


@pytest.fixture(scope="module")
def session(real_program: ApicheckProgram) -> Iterator[Session]:
    with Session(real_program, "1.35") as started:
        yield started


def validated(session: Session, question: Create | Update) -> ObjectValidation:
    [found] = session.ask([question])
    return found


def test_an_object_that_the_server_accepts(session: Session) -> None:
    assert validated(session, Create(manifest("deployment"))) == HOLDS


def test_a_refused_object_has_a_fault_for_each_field(session: Session) -> None:
    found = validated(session, Create(manifest("deployment-refused")))
    assert found.outcome is Outcome.FOUND
    assert [str(fault.path) for fault in found.faults] == ["metadata.labels", "spec.replicas"]
    assert found.faults[1].reason == "FieldValueInvalid"
    assert found.faults[1].message == "Invalid value: -2: must be greater than or equal to 0"


def test_a_manifest_that_cannot_be_read_is_not_checked(session: Session) -> None:
    found = validated(session, Create(manifest("unreadable")))
    assert found.outcome is Outcome.NOT_CHECKED
    assert found.why.startswith("the manifest is not valid YAML: ")
    assert PASSWORD not in found.why


def test_a_change_that_the_server_refuses(session: Session) -> None:
    old, new = manifest("deployment"), manifest("deployment-with-another-selector")
    [fault] = validated(session, Update(old=old, new=new)).faults
    assert str(fault.path) == "spec.selector"
    assert fault.message.endswith("field is immutable")
    assert validated(session, Update(old=old, new=old)) == HOLDS


def test_a_custom_resource_is_validated_with_its_crd(real_program: ApicheckProgram) -> None:
    crate = Create(manifest("crate-of-size-0"))
    with Session(real_program, "1.35") as session:
        why = "the CustomResourceDefinition of Crate.example.org was not given"
        assert validated(session, crate) == ObjectValidation(Outcome.NOT_CHECKED, why=why)
        assert session.learn([manifest("crate-crd")]) == (HOLDS,)
        [fault] = validated(session, crate).faults
        assert str(fault.path) == "spec.size"
        grown = Update(old=manifest("crate-of-size-1"), new=manifest("crate-of-size-2"))
        [fault] = validated(session, grown).faults
        assert fault.message == "Invalid value: the size of a crate cannot be changed"


def test_a_crd_that_is_too_large_is_not_added(session: Session) -> None:
    [found] = session.learn([manifest("crate-crd") + b"#" * (3 << 20)])
    assert found.outcome is Outcome.NOT_CHECKED
    assert "3145728 bytes" in found.why


def test_objects_of_a_crd_that_cannot_be_used_are_not_checked(
    real_program: ApicheckProgram,
) -> None:
    broken = manifest("crate-crd").replace(b"scope: Namespaced", b"scope: {}")
    with Session(real_program, "1.35") as session:
        assert session.learn([broken]) == (HOLDS,)
        assert validated(session, Create(broken)).outcome is Outcome.FOUND
        found = validated(session, Create(manifest("crate-of-size-1")))
    assert found.outcome is Outcome.NOT_CHECKED
    assert "Crate.example.org cannot be used" in found.why


def test_fields_that_the_server_would_change(session: Session) -> None:
    [found] = session.ask([Normalize(manifest("deployment-not-normal"))])
    container = ("spec", "template", "spec", "containers", 0)
    command, memory = found.changes
    assert command.path == FieldPath((*container, "command"))
    assert (command.dropped, command.before, command.after) == (True, "[]", "")
    assert memory.path == FieldPath((*container, "resources", "limits", "memory"))
    assert (memory.dropped, memory.before, memory.after) == (False, '"1024Mi"', '"1Gi"')


def test_an_object_in_its_normal_form(session: Session) -> None:
    [found] = session.ask([Normalize(manifest("deployment"))])
    assert (found.outcome, found.changes) == (Outcome.HOLDS, ())
    assert found.object is not None
    assert found.object["spec"]["progressDeadlineSeconds"] == 600


def test_several_questions_about_each_object(session: Session) -> None:
    texts = [manifest("deployment"), manifest("deployment-refused")]
    answers = session.ask(
        question for text in texts for question in (Create(text), Normalize(text))
    )
    assert [answer.outcome for answer in answers] == ["holds", "holds", "found", "not checked"]


def test_versions_that_serve_a_kind(session: Session) -> None:
    kinds = [("apps/v1", "Deployment"), ("policy/v1beta1", "PodDisruptionBudget")]
    kinds += [("v1", "Endpoints"), ("example.com/v1", "Deployment")]
    served, removed, deprecated, unknown = session.ask(Lifecycle(*kind) for kind in kinds)
    assert served.outcome is Outcome.HOLDS
    assert [state.kubernetes for state in served.states] == ["1.35", "1.36", "1.37"]
    assert (removed.outcome, removed.removed_in) == (Outcome.FOUND, "1.25")
    assert removed.replacement == "policy/v1 PodDisruptionBudget"
    assert (deprecated.outcome, deprecated.deprecated_in) == (Outcome.FOUND, "1.33")
    assert (unknown.outcome, bool(unknown.why)) == (Outcome.NOT_CHECKED, True)


def test_a_version_that_is_too_old(real_program: ApicheckProgram) -> None:
    with Session(real_program, "1.20") as session:
        found = validated(session, Create(manifest("deployment")))
    assert found.outcome is Outcome.NOT_CHECKED
    assert "1.33" in found.why


def test_a_version_other_than_the_linked_one_has_notes(real_program: ApicheckProgram) -> None:
    with Session(real_program, "1.34") as session:
        assert any("1.34" in note for note in session.notes)


def test_no_message_quotes_a_secret(session: Session) -> None:
    [fault] = validated(session, Create(manifest("deployment-with-a-password"))).faults
    assert PASSWORD not in fault.message
    assert "not shown: it may be a secret" in fault.message


def test_the_reason_of_an_object_that_is_not_checked_quotes_no_secret(session: Session) -> None:
    [found] = session.ask([Normalize(manifest("deployment-with-a-password"))])
    assert found.why.startswith("the API server refuses the object: ")
    assert PASSWORD not in found.why


def test_a_message_that_quotes_a_whole_template_is_shortened(session: Session) -> None:
    old, new = manifest("job-with-a-password"), manifest("job-with-a-password-changed")
    [fault] = validated(session, Update(old=old, new=new)).faults
    assert PASSWORD not in fault.message
    assert fault.message.startswith("Invalid value: ")
    assert fault.message.endswith(": field is immutable")
    assert len(fault.message) < 500


def test_no_change_quotes_a_secret(session: Session) -> None:
    [found] = session.ask([Normalize(manifest("secret"))])
    assert found.changes
    assert PASSWORD not in str(found)


def test_two_thousand_objects(session: Session) -> None:
    texts = (manifest("deployment").replace(b"web", b"web-%d" % n) for n in range(2000))
    assert all(answer == HOLDS for answer in session.ask(map(Create, texts)))
