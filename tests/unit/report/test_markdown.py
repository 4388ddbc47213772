"""Texts of unknown origin in Markdown: they can be read, and have no meaning."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.model import Checked, Finding, Position, Rule, Severity
from gitops_gen.report import report
from gitops_gen.report.markdown import LIMIT, MARKER, code, fence, html_code, length, prose
from tests.markdown_reader import code_of, links, problems

HOSTILE = [
    *("@octocat", "hey @acme/admins", "fixes #1", "GH-12", "acme/shop#7", "SECURITY-1"),
    *("https://evil.example/x", "www.evil.example", "mail@evil.example", "ftp://evil.example"),
    *("[click](https://evil.example)", "![x](https://evil.example/x.png)", "<img src=x>"),
    *("</details>", "</code></summary></details><b>", "<!--", "-->", "<script>alert(1)</script>"),
    *("`", "``", "```", "````\n", "~~~", "`a", "a`", "` `", " ", "", "\\", "\\`", "|", "a|b"),
    *("# title", "> quote", "- item", "1. item", "---", "===", "+ x", "* x", "\n\n# title\n"),
    *("**bold**", "__bold__", "~~gone~~", ":tada:", "&lt;b&gt;", "&#64;octocat", "&commat;x"),
    *("deadbeefcafe", "0123456789abcdef0123456789abcdef01234567", "1234567"),
    *("\u202eevil", "a\u200bb", "\u2066x", "\ufeff", "שלום", "\u0640", "x\u0301", "\x1b[31m", "\0"),
    *("[ref]: https://evil.example", "[^1]", "$x$", "$$x$$", "\t", "    code", "{% x %}", "{{x}}"),
]
TEXTS = st.one_of(
    st.sampled_from(HOSTILE),
    st.lists(st.sampled_from([*HOSTILE, "plain", "words,"]), max_size=5).map(" ".join),
    st.lists(st.sampled_from(HOSTILE), max_size=4).map("".join),
    st.text(max_size=40),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("restarts 3 Pods, one at a time", "restarts 3 Pods, one at a time"),
        ("Argo CD deletes Pod app/x (at once).", "Argo CD deletes Pod `app/x` (at once)."),
        ("run `kubectl -n app get pods`, then", "run `kubectl -n app get pods`, then"),
        ("ask @octocat about #1", "ask `@octocat` about `#1`"),
        ("revert deadbeef", "revert `deadbeef`"),
        ("unknown key; did you mean 'replicas'?", "unknown key; did you mean `'replicas'`?"),
        ("add `a: [{b: c, d: e f}]` to it", "add `a: [{b: c, d: e f}]` to it"),
        ("a ``` b", "a ```` ``` ```` b"),
        ("5Gi -> 1Gi", "`5Gi -> 1Gi`"),
        ("\u202ereversed", r"`\u202ereversed`"),
    ],
)
def test_plain_words_stay_words(text: str, expected: str) -> None:
    assert prose(text) == expected


def test_a_long_entry_to_copy_is_one_span() -> None:
    entry = f"alsoAdmit: [{', '.join(f'{{kind: Kind{n}, reason: {n} b}}' for n in range(20))}]"
    assert prose(f"add to the values: `{entry}`", 1_500) == f"add to the values: `{entry}`"


@given(TEXTS)
def test_a_text_has_no_meaning(text: str) -> None:
    page = [f"- item: {prose(text)} — {code(text)}", "", *fence([text, f"+ {text}"], "diff"), ""]
    summary = f"<details><summary>{html_code(text)}</summary>"
    page += [f"> {prose(text)}", "", summary, "", f"- {code(text)}", "", "</details>", "", "end"]
    assert problems("\n".join(page)) == []
    assert links("\n".join(page)) == []


@given(st.text(st.characters(exclude_categories=["C", "Z", "M"], max_codepoint=0x2FF), min_size=1))
def test_a_text_can_be_read(text: str) -> None:
    assert text in code_of(code(text, 1000))


@given(st.text())
def test_the_length_is_never_less_than_the_number_of_characters(text: str) -> None:
    assert length(text) >= len(text)


RULE = Rule("image", "Images are new", "They run.", "Update.", Severity.WARNING)


@given(st.lists(st.tuples(TEXTS, TEXTS, st.booleans()), max_size=8))
def test_findings_have_no_meaning(found: list[tuple[str, str, bool]]) -> None:
    findings = tuple(
        Finding(
            RULE,
            message,
            Position(file or "x", 3, 7),
            changed_severity=Severity.ERROR if is_error else None,
        )
        for file, message, is_error in found
    )
    text = report("markdown", Checked(("dev", "@prod"), findings))
    assert problems(text) == []
    assert links(text) == []
    assert text.splitlines()[0] == MARKER


def test_many_findings_fit_and_the_number_of_the_others_is_stated() -> None:
    findings = tuple(
        Finding(
            rule,
            f"{n}: {'@x `' * 200}",
            Position(f"values/{n}.yaml"),
            changed_severity=severity,
        )
        for n in range(3000)
        for severity in (Severity.ERROR, Severity.WARNING)
        for rule in (RULE, replace(RULE, id=f"rule-{n}"))
    )
    text = report("markdown", Checked(tuple(map(str, range(500))), findings))
    assert length(text) <= LIMIT
    assert problems(text) == []
    assert text.count("**… and 2997 more** of the rule `image`") == 2
    assert len(re.findall(r"… and \d+ more, which `--format text`", text)) == 2
