"""The HTML page of `gitops-gen diff` in Chromium.

Without a browser, these tests are skipped, and pytest prints one line about them.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.browser import CHROMIUM, WITHOUT_CHROMIUM
from tests.repository import APICHECK, WITHOUT_APICHECK, Repository

Open = Callable[..., Any]

CHANGES = (
    *("postgres.storage.size=1Gi", "tiers.frontend.image.tag=1.3.0", "ingress.scheme=internal"),
    "addons.kube-prometheus-stack.enabled=false",
)
"""The changes of the environment prod."""
OF_DEV = "tiers.backend.resources.requests.cpu=150m"
"""A change of values/base.yaml, which prod overrides."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser. It ends with the module, because playwright keeps an event loop running, in which
    gitops-gen cannot run in the process of the tests."""
    if not CHROMIUM:
        pytest.skip(WITHOUT_CHROMIUM)
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def example_page(rendered: Repository, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of dangerous changes of the example."""
    if APICHECK is None:
        pytest.skip(WITHOUT_APICHECK)
    root = tmp_path_factory.mktemp("page") / "repository"
    shutil.copytree(rendered.root, root, ignore=shutil.ignore_patterns(".gitops-gen"))
    repository = replace(rendered, root=root)
    repository.write(".gitignore", ".gitops-gen/\n")
    repository.git("init", "--quiet", "--initial-branch=main")
    repository.commit("Start")
    assert repository.run("set", "prod", *CHANGES).returncode == 0
    assert (
        repository.run("set", "base", "tiers.backend.resources.requests.cpu=150m").returncode == 0
    )
    repository.render()
    done = repository.run("diff", "--format", "html")
    assert done.returncode == 0, done.stderr
    page = root.parent / "diff.html"
    page.write_text(done.stdout)
    return page


@pytest.fixture
def open_page(browser: Any) -> Iterator[Open]:
    """A function that opens a page. After the test, nothing may have been requested or refused."""
    contexts, problems = [], []

    def opened(path: Path, **options: Any) -> Any:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda request: _refuse_others(request.url, path, problems))
        page.goto(path.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert problems == []


def _refuse_others(url: str, path: Path, problems: list[str]) -> None:
    if url.split("#")[0] != path.as_uri():
        problems.append(f"requested: {url}")
