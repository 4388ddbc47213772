"""Thirty customers in two regions and three stages: the repository of docs/many-environments.md."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from gitops_gen.report.listing.json_format import SCHEMA
from tests.repository import ROOT, Repository

EXAMPLE = Path(__file__).with_name("many_environments")
PAGE = ROOT / "docs/many-environments.md"
REGIONS, STAGES = {"eu", "us"}, {"production", "staging", "test"}
MOST_LINES = 6
FILE = re.compile(r"`(values/[^`]+)`:\n\n```yaml\n(.*?)```", re.DOTALL)
COMMAND = re.compile(r"```console\n\$ gitops-gen (.*?)\n(.*?)```", re.DOTALL)


@pytest.fixture
def customers(tmp_path: Path, helm: str) -> Repository:
    shutil.copytree(EXAMPLE, tmp_path / "repository")
    return Repository(tmp_path / "repository", helm)


def test_the_file_of_a_customer_has_six_lines_at_most() -> None:
    files = sorted(EXAMPLE.glob("values/*.yaml"))
    lines = {file.stem: len(file.read_text().splitlines()) for file in files}
    del lines["base"]
    assert len(lines) == 30
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


def test_every_customer_is_in_a_region_and_a_stage(customers: Repository) -> None:
    done = customers.run("list", "--format", "json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert list(Draft202012Validator(json.loads(SCHEMA.read_text())).iter_errors(document)) == []
    environments = document["environments"]
    assert len(environments) == 30
    for one in environments:
        groups = set(one["groups"])
        assert (len(groups & REGIONS), len(groups & STAGES)) == (1, 1), one["name"]
        assert {"eu": "eu-west-1", "us": "us-east-1"}[one["groups"][0]] == one["region"]
        names = {component["name"] for component in one["components"]}
        assert ("payments" in names) == ("payments" in groups)


def test_a_stage_is_released_in_one_line(customers: Repository) -> None:
    """The members are rendered, and nothing else is."""
    members = ("cedar", "ember")
    customers.render("cedar", "ember", "garnet")
    before = customers.files("rendered", "argocd")
    done = customers.run("set", "group:test", "tiers.backend.image.tag=2.3.0")
    assert done.stdout == (
        "values/groups/test.yaml:12:12: tiers.backend.image.tag: '2.2.0' -> '2.3.0'\n"
    )
    output = customers.render("cedar", "ember", "garnet")
    assert output.endswith("garnet: up to date\n")
    after = customers.files("rendered", "argocd")
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert {Path(path).parts[1] for path in changed} == set(members)
    for name in members:
        backend = customers.manifests(name).one("Deployment", "backend")
        [container] = backend["spec"]["template"]["spec"]["containers"]
        assert container["image"] == "ghcr.io/acme/backend:2.3.0"


def test_the_page_shows_the_files_of_the_example() -> None:
    shown = FILE.findall(PAGE.read_text())
    assert len(shown) > 2
    for path, text in shown:
        assert text == (EXAMPLE / path).read_text(), path


def test_the_page_shows_the_output_of_its_commands(customers: Repository) -> None:
    commands = COMMAND.findall(PAGE.read_text())
    assert [arguments.split()[0] for arguments, _ in commands] == ["explain", "list", "set"]
    for arguments, output in commands:
        done = customers.run(*shlex.split(arguments))
        assert (done.returncode, done.stdout) == (0, output), done.stderr
