"""The page of the example: what a reviewer does with it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.integration.page.conftest import Open

EVERY = "26 objects"


@pytest.fixture
def page(open_page: Open, example_page: Path) -> Any:
    return open_page(example_page)


def count(page: Any) -> str:
    text: str = page.locator("#count").inner_text()
    return text


def focused(page: Any) -> str:
    """The text of the element that has the focus."""
    text: str = page.evaluate("document.activeElement.innerText ?? ''")
    return text


def row(page: Any, name: str) -> Any:
    return page.get_by_role("button", name=name).first


# The verdict


def test_the_verdict_is_the_first_thing(page: Any) -> None:
    assert page.locator("h2").first.inner_text() == "Do not merge yet"
    dangers = page.locator(".dangers .badge").all_inner_texts()
    assert dangers[:3] == ["refused", "data-loss", "downtime"]
    assert "undo the change of the size" in page.locator(".dangers li").first.inner_text()
    assert "Deployment app/backend" in page.locator(".verdict").inner_text()
    assert "kubectl -n app get ingress/ingress" in page.locator(".verdict").inner_text()


def test_a_danger_links_to_its_object(page: Any) -> None:
    page.keyboard.press("c")
    page.get_by_role("link", name="StatefulSet database/postgres").first.click()
    assert "StatefulSet database/postgres" in focused(page)
    assert page.locator(".change.open .old").first.inner_text().endswith("5Gi")
    assert page.locator(".change.open .new").first.inner_text().endswith("1Gi")


# Search and filters


def test_search(page: Any) -> None:
    assert count(page) == EVERY
    page.get_by_role("searchbox").fill("frontend:1.3.0")
    assert count(page) == f"1 of {EVERY}"
    assert page.locator("mark").first.inner_text() == "frontend:1.3.0"
    page.get_by_role("searchbox").fill("DEPLOYMENT exporter")
    assert count(page) == f"1 of {EVERY}"
    page.get_by_role("searchbox").fill("no such text")
    assert "No change matches" in page.locator("#list").inner_text()
    page.keyboard.press("Escape")
    assert count(page) == EVERY


def test_filter_by_environment_and_class(page: Any) -> None:
    page.get_by_label("Environment").select_option("dev")
    assert count(page) == f"1 of {EVERY}"
    page.get_by_label("Environment").select_option("All environments")
    traffic = page.get_by_role("button", name="traffic 4")
    traffic.click()
    assert count(page) == f"4 of {EVERY}"
    assert traffic.get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="data-loss 1").click()
    assert count(page) == f"5 of {EVERY}"
    traffic.click()
    assert count(page) == f"1 of {EVERY}"


_COUNT_WHEN_DRAWN = """async (selector) => {
  let [last, frames] = [-1, 0];
  while (frames < 5) {
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 20)));
    const now = document.querySelectorAll(selector).length;
    [last, frames] = [now, now === last ? frames + 1 : 0];
  }
  return last;
}"""


def drawn(page: Any, selector: str) -> int:
    """The number of elements, when it has not changed for five frames: rows are drawn in frames."""
    return int(page.evaluate(_COUNT_WHEN_DRAWN, selector))


def test_folding(page: Any) -> None:
    component = page.locator(".component .toggle").first
    before = drawn(page, ".row")
    component.click()
    assert component.get_attribute("aria-expanded") == "false"
    assert drawn(page, ".row") < before
    page.keyboard.press("Enter")
    assert drawn(page, ".row") == before
    page.get_by_role("button", name="Fold all", exact=True).click()
    assert drawn(page, ".change") == 0
    page.get_by_role("button", name="Unfold all").click()
    assert drawn(page, ".change.open") == drawn(page, ".change") > 0


# Keys


def test_every_key(page: Any) -> None:
    page.keyboard.press("j")
    assert focused(page).startswith("prod")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert "StatefulSet database/postgres" in focused(page)
    page.keyboard.press("k")
    assert focused(page).startswith("postgres")
    page.keyboard.press("n")
    page.keyboard.press("n")
    assert "Deployment database/postgres-exporter" in focused(page)
    page.keyboard.press("p")
    assert "StatefulSet database/postgres" in focused(page)
    page.keyboard.press("Enter")
    assert page.locator(":focus").get_attribute("aria-expanded") == "false"


def test_search_with_keys(page: Any) -> None:
    page.keyboard.press("/")
    page.keyboard.type("jkns?")
    assert page.get_by_role("searchbox").input_value() == "jkns?"
    page.keyboard.press("Escape")
    assert page.get_by_role("searchbox").input_value() == ""
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog").is_visible()


def test_the_focus_is_visible(page: Any) -> None:
    for _ in range(12):
        page.keyboard.press("Tab")
        style = "getComputedStyle(document.activeElement)"
        assert page.evaluate(f"{style}.outlineStyle + {style}.outlineWidth") == "solid2px"


# Views


def test_side_by_side_and_inline(page: Any) -> None:
    def top(side: str) -> float:
        cell = page.locator(f".pair:has(.old):has(.new) > .{side}").first
        place: float = cell.bounding_box()["y"]
        return place

    assert top("old") == top("new")
    page.keyboard.press("s")
    assert top("old") < top("new")
    page.get_by_role("button", name="Side by side").click()
    assert top("old") == top("new")


def test_a_narrow_window(open_page: Open, example_page: Path) -> None:
    page = open_page(example_page, viewport={"width": 390, "height": 844})
    page.keyboard.press("o")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator("#changes").scroll_into_view_if_needed()
    old, new = (page.locator(f".pair:has(.old) > .{side}").first for side in ("old", "new"))
    assert old.bounding_box()["y"] < new.bounding_box()["y"]


def test_the_theme_follows_the_system_until_it_is_chosen(
    open_page: Open, example_page: Path
) -> None:
    def background(page: Any) -> str:
        color: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return color

    light, dark = (open_page(example_page, color_scheme=one) for one in ("light", "dark"))
    assert background(light) != background(dark)
    chosen = background(dark)
    light.keyboard.press("t")
    assert background(light) != chosen
    light.get_by_role("button", name="Theme: light").click()
    assert background(light) == chosen


CONTRAST = (Path(__file__).parent / "contrast.js").read_text()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_has_enough_contrast(theme: str, open_page: Open, example_page: Path) -> None:
    """The ratio of at least 4.5 is that of the Web Content Accessibility Guidelines, level AA."""
    page = open_page(example_page, color_scheme=theme)
    page.keyboard.press("o")
    assert page.evaluate(CONTRAST) == []


def test_headings_are_nested(page: Any) -> None:
    page.keyboard.press("o")
    levels = page.evaluate(
        "[...document.querySelectorAll('h1, h2, h3, h4, h5')].map((h) => Number(h.tagName[1]))"
    )
    assert levels[0] == 1
    assert [a for a, b in pairwise(levels) if b > a + 1] == []


# The policy


def test_the_policy_stops_requests_and_scripts(browser: Any, example_page: Path) -> None:
    page = browser.new_page()
    page.goto(example_page.as_uri())
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    request = "fetch('https://example.com').then(() => 'sent', () => 'stopped')"
    assert page.evaluate(request) == "stopped"
    page.evaluate("""() => {
      const script = document.createElement("script");
      script.append("document.title = 'run'");
      document.body.append(script);
    }""")
    assert page.title() != "run"
    assert len([text for text in problems if "Content Security Policy" in text]) == 2
    page.close()
