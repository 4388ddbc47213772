"""What the page contains, without a browser."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.changes.result import Comparison
from gitops_gen.changes.verdict import Verdict
from gitops_gen.report.changes import verdict_report
from tests.integration.page.examples import change, verdict, verdict_with
from tests.unit.changes.examples import Case, compared, repository

HOSTILE = (
    *("</script><script>alert(1)</script>", "<!--", "-->", "<![CDATA[", "<script", "]]>"),
    *('"><img src=x onerror=alert(1)>', "' onclick='alert(1)", "{{ 7*7 }}", "{% raw %}"),
    *("</style>", "</title>", "javascript:alert(1)", "\u202eevil\u202c", "\u2028\u2029"),
    *("\ud800", "a\r\nb", "`</code>`", "</textarea>", "<plaintext>", "\\u003c/script>"),
    *("\x00\x1b[31m", "&lt;b&gt;"),
)
parts = st.one_of(st.sampled_from(HOSTILE), st.text(min_size=1, max_size=8))
texts = st.lists(parts, min_size=1).map("".join)


class Parsed(HTMLParser):
    """The tags of a page with the names of their attributes, and the scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.contents: list[tuple[str, str]] = []
        self.policy = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append((tag, tuple(values)))
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"] or ""

    def handle_data(self, data: str) -> None:
        if self.lasttag in ("script", "style") and data.strip():
            self.contents.append((self.lasttag, data))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


@given(texts)
def test_no_text_becomes_markup(text: str) -> None:
    page = verdict_report("html", verdict_with(text))
    # A text between two backticks is code, which is the only markup that a text makes.
    assert [tag for tag in Parsed(page).tags if tag != ("code", ())] == PLAIN
    assert page.isascii() or all(c.isprintable() or c == "\n" for c in page)


PLAIN = [
    tag for tag in Parsed(verdict_report("html", verdict_with("plain"))).tags if tag != ("code", ())
]


def test_the_policy_permits_only_the_script_and_the_style_of_the_page() -> None:
    parsed = Parsed(verdict_report("html", verdict_with("plain")))
    style, data, script = (text for _, text in parsed.contents)
    assert json.loads(data)["environments"] == ["plain"]
    sources = {d.split()[0]: d.split()[1:] for d in parsed.policy.split("; ")}
    assert sources["default-src"] == ["'none'"]
    assert sources["style-src"] == [digest(style)]
    assert sources["script-src"] == [digest(script)]
    assert all(not name.startswith(("on", "style")) for _, names in parsed.tags for name in names)


def digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def test_equal_verdicts_are_equal_pages() -> None:
    changes = [change(f"c{number}", "a", "b", "one Pod is left") for number in range(9)]
    assert verdict_report("html", verdict(changes)) == verdict_report("html", verdict(changes))


def test_no_secret_is_shown(tmp_path: Path) -> None:
    edits = {"correct-horse-battery": "staple-9-lantern", "seven words": "eight words"}
    case = Case(("secret",), {**edits, "info]": "--password=Gx7-pq2-Zz9]"}, added=("deployment",))
    comparison = compared(repository(tmp_path, case))
    page = verdict_report("html", verdict_of(comparison))
    hidden = ("correct", "staple", "eight words", "Gx7-pq2-Zz9")
    assert [word for word in hidden if word in page] == []
    assert "(not shown)" in page


@pytest.mark.parametrize("kind", ["added", "removed"])
def test_no_secret_of_a_whole_object_is_shown(kind: str, tmp_path: Path) -> None:
    comparison = compared(repository(tmp_path, Case(**{kind: ("secret", "deployment")})))
    page = verdict_report("html", verdict_of(comparison))
    assert "correct" not in page
    assert "seven words" not in page
    assert "(not shown)" in page
    assert "ghcr.io/acme/web" in page


def verdict_of(comparison: Comparison) -> Verdict:
    found = verdict([])
    return Verdict(comparison, found.check)


def test_the_same_change_of_several_environments_is_in_the_page_once() -> None:
    one = verdict([change("shop", "a", "b")]).comparison.environments[0]
    environments = tuple(replace(one, name=f"env-{number}") for number in range(100))
    page = verdict_report("html", verdict_of(Comparison("main", "the work tree", environments)))
    assert page.count("ConfigMap app/shop") == 1
    assert "env-99" in page
