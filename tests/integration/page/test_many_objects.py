"""Ten thousand changed objects, and hostile texts, in Chromium."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gitops_gen.report.changes import verdict_report
from tests.integration.page.conftest import Open
from tests.integration.page.examples import change, verdict, verdict_with
from tests.integration.page.test_texts import HOSTILE

MANY = 10_000
FEW = 3_000
"""Far more elements than are in the window, and far fewer than all objects would need."""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    changes = (change(f"c{n}", f"a{n}", f"b{n}", "one Pod is left") for n in range(MANY))
    path = tmp_path_factory.mktemp("many") / "diff.html"
    path.write_text(verdict_report("html", verdict(changes)))
    return path


def elements(page: Any) -> int:
    number: int = page.evaluate("document.querySelectorAll('*').length")
    return number


def test_rows_are_created_when_they_come_close_to_the_window(open_page: Open, many: Path) -> None:
    page = open_page(many)
    assert page.locator("#count").inner_text() == "10,000 objects"
    page.keyboard.press("o")
    assert elements(page) < FEW
    page.get_by_role("searchbox").fill(f"b{MANY - 1}")
    assert page.locator("#count").inner_text() == "1 of 10,000 objects"
    page.keyboard.press("Escape")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    last = page.get_by_role("button", name=f"ConfigMap app/c{MANY - 1}", exact=False)
    last.wait_for()
    assert elements(page) < FEW * 2


def test_the_verdict_lists_the_first_dangers_and_links_to_the_others(
    open_page: Open, many: Path
) -> None:
    page = open_page(many)
    assert page.locator(".dangers li li").count() < 50
    page.get_by_role("link", name="more").first.click()
    button = page.get_by_role("button", name="availability 10,000")
    assert button.get_attribute("aria-pressed") == "true"


def test_a_link_to_a_far_object(open_page: Open, many: Path) -> None:
    page = open_page(many)
    page.evaluate(f"location.hash = '#change-{MANY - 1}'")
    page.wait_for_function(f"document.activeElement.innerText.includes('c{MANY - 1}')")
    assert page.locator(":focus").get_attribute("aria-expanded") == "true"


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_hostile_text_stays_text(text: str, open_page: Open, tmp_path: Path) -> None:
    path = tmp_path / "diff.html"
    path.write_text(verdict_report("html", verdict_with(text)))
    page = open_page(path)
    page.keyboard.press("o")
    assert page.locator("img, plaintext, textarea, iframe").count() == 0
    assert page.locator("script").count() == 2
    assert page.locator(".change").count() == 2
