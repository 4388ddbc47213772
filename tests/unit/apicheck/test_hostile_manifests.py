"""Hostile manifests are not checked, with the reason, and the next manifest is checked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gitops_gen.apicheck import ApicheckProgram, Create, Normalize, Outcome, Session

GOOD = b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n"
MANY_ALIASES = b"a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + b"".join(
    b"a%d: &a%d [%s]\n" % (level, level, b", ".join([b"*a%d" % (level - 1)] * 9))
    for level in range(1, 9)
)
HOSTILE = {
    "aliases of aliases": (MANY_ALIASES, "once its aliases are written out"),
    "an anchor that holds itself": (b"kind: &a [*a]\n", "once its aliases are written out"),
    "deep YAML": (b"a: " + b"[" * 100_000 + b"]" * 100_000, "max depth"),
    "deep JSON": (b'{"a": ' * 100_000 + b"1" + b"}" * 100_000, "nested deeper than 256 levels"),
    "a large value": (GOOD + b"data: {a: " + b"x" * 4_000_000 + b"}", "more than 3145728 bytes"),
    "no YAML": (b"kind: [\n", "not valid YAML"),
    "a control character": (b"kind: \0\n", "control characters"),
    "no UTF-8": (bytes(range(256)), "not UTF-8"),
    "nothing": (b"", "holds no object"),
    "ten thousand documents": (b"---\n" + GOOD + b"---\nkind: List\n" * 10_000, "document"),
    "a number of many digits": (b'{"kind": ' + b"9" * 100_000 + b"}", "not an object"),
}


@pytest.fixture(scope="module")
def session(real_program: ApicheckProgram) -> Iterator[Session]:
    with Session(real_program, "1.35") as started:
        yield started


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_manifest_is_not_checked_and_the_next_one_is(session: Session, name: str) -> None:
    manifest, why = HOSTILE[name]
    questions = [Create(manifest), Normalize(manifest), Create(GOOD)]
    created, normalized, good = session.ask(questions)
    for answer in (created, normalized):
        assert answer.outcome is Outcome.NOT_CHECKED
        assert why in answer.why
    assert good.outcome is Outcome.HOLDS
