"""A program that ends, hangs or answers nonsense causes neither a wrong answer nor a hang."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gitops_gen.apicheck import (
    ApicheckProgram,
    Create,
    ObjectValidation,
    Outcome,
    Patience,
    Session,
)
from gitops_gen.errors import ToolFailed

Programs = Callable[[str], ApicheckProgram]
PATIENT = Patience()
IMPATIENT = Patience(answer=2)
"""For a program that hangs. All other programs may take as long as a busy machine needs."""
HOLDS = ObjectValidation(Outcome.HOLDS)
CRD = b"kind: CustomResourceDefinition\nmetadata:\n  name: crates.example.org\n"


def config_map(name: str) -> Create:
    return Create(f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n".encode())


def asked(
    program: ApicheckProgram, *names: str, patience: Patience = PATIENT
) -> list[ObjectValidation]:
    with Session(program, "1.35", patience) as session:
        return list(session.ask(map(config_map, names)))


def starts(program: ApicheckProgram) -> list[str]:
    return (program.path.parent / "starts").read_text().split()


def test_answers_have_the_order_of_the_questions(program: Programs) -> None:
    found = asked(program("config_maps"), "a", "refused", "slow", "b")
    assert [answer.outcome for answer in found] == ["holds", "found", "holds", "holds"]


def test_a_program_that_ends_is_started_again(program: Programs) -> None:
    failing = program("config_maps")
    assert asked(failing, "a", "dies-once", "b", "c") == [HOLDS] * 4
    assert starts(failing) == ["setup", "setup"]


def test_an_object_at_which_the_program_ends_twice_is_not_checked_and_all_others_are(
    program: Programs,
) -> None:
    failing = program("config_maps")
    first, killer, *others = asked(failing, "a", "dies", "b", "c")
    assert [first, *others] == [HOLDS] * 3
    assert killer.outcome is Outcome.NOT_CHECKED
    assert killer.why == "apicheck failed twice at this object: it ended with exit code 7"
    assert starts(failing) == ["setup"] * 3


def test_an_object_at_which_the_program_hangs_is_not_checked(program: Programs) -> None:
    hanging, after = asked(program("config_maps"), "hangs", "a", patience=IMPATIENT)
    assert hanging.why == "apicheck failed twice at this object: it gave no answer within 2 s"
    assert after == HOLDS


def test_a_program_that_ends_at_many_objects_is_not_started_again(program: Programs) -> None:
    """Otherwise a check of many objects would wait for each of them."""
    with pytest.raises(ToolFailed, match="stopped 10 times, the last time because it ended with"):
        asked(program("config_maps"), *["dies"] * 100)


def test_a_program_that_is_started_again_gets_the_crds_again(program: Programs) -> None:
    failing = program("config_maps")
    with Session(failing, "1.35") as session:
        assert session.learn([CRD]) == (HOLDS,)
        assert list(session.ask([config_map("dies-once")])) == [HOLDS]
    assert starts(failing) == ["setup", "crd", "setup", "crd"]


@pytest.mark.parametrize(
    "name", ["text", "other-number", "other-outcome", "without-causes", "not-set-up"]
)
def test_an_answer_that_does_not_follow_the_protocol_is_an_error(
    program: Programs, name: str
) -> None:
    nonsense = program("config_maps")
    with pytest.raises(ToolFailed) as raised:
        asked(nonsense, "a", name)
    assert str(raised.value).startswith(f"{nonsense.path} gave ")


def test_a_rule_that_fails_is_not_checked(program: Programs) -> None:
    failed, after = asked(program("config_maps"), "internal", "a")
    assert failed == ObjectValidation(Outcome.NOT_CHECKED, why="a rule failed")
    assert after == HOLDS


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("silent", "it gave no answer within 0.5 s"),
        ("ends", "it ended with exit code 1: no memory for the tables;"),
        ("talks", "is not apicheck"),
        ("other_sources", "was not built from the sources of this version of gitops-gen"),
    ],
)
def test_the_error_names_a_program_that_cannot_be_set_up(
    program: Programs, name: str, message: str
) -> None:
    unusable = program(name)
    with pytest.raises(ToolFailed) as raised:
        Session(unusable, "1.35", Patience(start=0.5 if name == "silent" else 30))
    assert str(unusable.path) in str(raised.value)
    assert message in str(raised.value)
    assert "gitops-gen doctor --install apicheck" in str(raised.value)


def test_a_line_without_an_end_does_not_fill_the_memory(program: Programs) -> None:
    with pytest.raises(ToolFailed, match="is not apicheck"):
        Session(program("endless"), "1.35")


def test_the_error_names_a_file_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match=r"nowhere cannot be started: No such file"):
        Session(ApicheckProgram(tmp_path / "nowhere", ""), "1.35")


def test_no_object_is_checked_for_a_version_that_is_too_old(
    program: Programs,
) -> None:
    why = "the oldest version that can be asked for is 1.33"
    assert (
        asked(program("old_minor"), "a", "b")
        == [ObjectValidation(Outcome.NOT_CHECKED, why=why)] * 2
    )


@pytest.mark.parametrize(
    ("manifest", "why"),
    [
        (b"kind: \xff", "the manifest is not UTF-8"),
        (b"#" * 5001, "the manifest has more than 5000 bytes, the limit of apicheck"),
    ],
)
def test_a_question_that_cannot_be_sent_is_answered_in_its_place(
    program: Programs, manifest: bytes, why: str
) -> None:
    with Session(program("config_maps"), "1.35") as session:
        questions = [config_map("refused"), Create(manifest), config_map("a")]
        refused, unasked, accepted = session.ask(questions)
    assert (refused.outcome, accepted.outcome) == ("found", "holds")
    assert unasked == ObjectValidation(Outcome.NOT_CHECKED, why=why)


def test_questions_are_taken_as_answers_are_read(program: Programs) -> None:
    """So a check of many objects needs no more memory than a check of a few."""
    taken = 0

    def questions() -> Iterator[Create]:
        nonlocal taken
        while True:
            taken += 1
            yield Create(config_map("a").manifest + b"#" * 4000)

    with Session(program("config_maps"), "1.35") as session:
        answers = session.ask(questions())
        assert [next(answers) for _ in range(100)] == [HOLDS] * 100
        assert taken < 200


def test_unread_answers_are_not_answers_to_the_next_questions(
    program: Programs,
) -> None:
    with Session(program("config_maps"), "1.35") as session:
        unread = session.ask(map(config_map, ["refused"] * 100))
        next(unread)
        with pytest.raises(RuntimeError, match="one series of questions at a time"):
            next(session.ask([config_map("a")]))
        unread.close()
        assert list(session.ask([config_map("a")])) == [HOLDS]


def test_a_series_of_which_each_answer_is_read_by_itself_does_not_end_the_program(
    program: Programs,
) -> None:
    found = program("config_maps")
    with Session(found, "1.36") as session:
        for name in ("first", "second"):
            next(session.ask([config_map(name)]))
    assert len(starts(found)) == 1


def test_notes_name_the_rules_that_cannot_be_applied(program: Programs) -> None:
    with Session(program("config_maps"), "1.35") as session:
        assert session.notes == ("A note.",)


def test_the_program_gets_no_variable_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    path = tmp_path / "variables"
    path.write_text('#!/bin/sh\necho "${AWS_SECRET_ACCESS_KEY:-no variable}" >&2\nexit 1\n')
    path.chmod(0o755)
    with pytest.raises(ToolFailed, match="exit code 1: no variable"):
        Session(ApicheckProgram(path, ""), "1.35")


def test_the_program_ends_with_its_session(program: Programs) -> None:
    asked_program = program("config_maps")
    with Session(asked_program, "1.35") as session:
        list(session.ask([config_map("a")]))
        process = int((asked_program.path.parent / "process").read_text())
        os.kill(process, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
