"""`gitops-gen diff --format html` on the command line."""

from __future__ import annotations

import json
import re

from tests.repository import Repository


def headline(page: str) -> str:
    found = re.search('<h2 id="verdict">(.*?)</h2>', page)
    assert found
    return found[1]


def test_findings_and_outdated_files_are_in_the_page(committed: Repository) -> None:
    assert committed.run("set", "prod", "tiers.frontend.replicas=4").returncode == 0
    done = committed.run("diff", "--format", "html")
    assert done.returncode == 0, done.stderr
    assert headline(done.stdout) == "Do not merge yet"
    assert "rendered/prod/manifests/frontend/app/deployment-frontend.yaml" in done.stdout
    assert "[stale-file]" in done.stdout


def test_invalid_values_are_in_the_page(committed: Repository) -> None:
    committed.edit("values/prod.yaml", "tag: 1.4.2", "tag: [1]")
    done = committed.run("diff", "--format", "html")
    assert done.returncode == 2, done.stderr
    assert headline(done.stdout) == "Do not merge yet"
    assert "values/prod.yaml:" in done.stdout
    assert "[schema]" in done.stdout
    assert "no object differs in what was compared</p>" in done.stdout


def test_a_page_without_changes(committed: Repository) -> None:
    done = committed.run("diff", "--format", "html")
    assert done.returncode == 0, done.stderr
    assert headline(done.stdout) == "No changes"
    data = re.search('<script type="application/json" id="data">(.*?)</script>', done.stdout)
    assert data
    assert json.loads(data[1])["groups"] == []


def test_equal_changes_are_equal_bytes(committed: Repository) -> None:
    assert committed.run("set", "prod", "tiers.frontend.replicas=4").returncode == 0
    pages = {
        committed.run("diff", "--format", "html", PYTHONHASHSEED=seed).stdout
        for seed in ("1", "2", "3")
    }
    assert len(pages) == 1


def test_two_environments_have_no_page(committed: Repository) -> None:
    done = committed.run("diff", "--from", "dev", "--to", "prod", "--format", "html")
    assert done.returncode == 2
    assert "--format html shows two revisions" in done.stdout
