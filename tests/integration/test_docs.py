"""What the documentation says, held against what is."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from gitops_gen import yaml
from gitops_gen.cli.main import gitops_gen
from gitops_gen.components import catalogue
from tests.repository import ROOT, Repository

PAGES = [
    *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    ROOT / "gitops_gen/scaffold/files/README.md",
]
SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)
YAML = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
WAVE = re.compile(r"^\| (-?[0-9]+) \| ([a-z-]+)", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#]+)(#[^)]*)?\)")
VALUES = {"cluster", "repository", "argocd", *(folder.section[0] for folder in catalogue())}


def page_id(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_links_lead_somewhere(page: Path) -> None:
    links = [match[1] for match in LINK.finditer(page.read_text())]
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_commands_and_their_options_exist(page: Path) -> None:
    for words in _invocations(page.read_text()):
        name, *arguments = words
        if name.startswith("-"):
            name, arguments = "", words
        context = click.Context(gitops_gen)
        command = gitops_gen.get_command(context, name) if name else gitops_gen
        assert command is not None, f"{page.name}: gitops-gen {name}"
        options = {option for parameter in command.get_params(context) for option in parameter.opts}
        used = {word.split("=")[0] for word in arguments if word.startswith("--")}
        assert used <= options, f"{page.name}: gitops-gen {shlex.join(words)}"


def _invocations(text: str) -> Iterator[list[str]]:
    """Every gitops-gen command of the shell blocks and of the inline code."""
    blocks = SHELL.findall(text) + re.findall(r"`([^`\n]+)`", text)
    for line in "\n".join(blocks).splitlines():
        for part in re.split(r"&&|\||;", line.split(" #")[0]):
            match = re.search(r"(?:^|[\s/])gitops-gen (\S.*)", part)
            if match and not re.match(r"[\[A-Z]", match[1]):
                words = match[1].split(">")[0].replace("[", "").replace("]", "").split()
                yield [word for word in words if word != "..."]


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=page_id)
def test_examples_of_values_are_valid(page: Path, repository: Repository) -> None:
    """Each example is laid over the example environment, alone."""
    # An example may autoscale, which excludes a number of replicas beside it.
    dev = repository.read("values/dev.yaml").replace("    replicas: 1\n", "")
    for text in YAML.findall(page.read_text()):
        example = yaml.parse(text.encode(), page.name).value
        if not VALUES.intersection(example):
            continue
        merged = _merged(yaml.parse(dev.encode(), "dev").value, example)
        repository.write("values/dev.yaml", yaml.dump(merged))
        repository.write("charts/shop-jobs/Chart.yaml", "apiVersion: v2\nname: a\nversion: 0.1.0\n")
        repository.write(
            "charts/shop-jobs/templates/config.yaml",
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: jobs\n",
        )
        done = repository.run("render", "dev")
        assert done.returncode == 0, f"{text}\n{done.stderr}"


def _merged(lower: object, upper: object) -> object:
    if not (isinstance(lower, dict) and isinstance(upper, dict)):
        return upper
    keys = {**lower, **upper}
    return {
        key: _merged(lower[key], upper[key]) if key in lower and key in upper else keys[key]
        for key in keys
    }


def test_the_waves_in_the_docs(rendered: Repository) -> None:
    table = (ROOT / "docs/first-sync.md").read_text()
    rows = {match[2]: int(match[1]) for match in WAVE.finditer(table)}
    # Two rows begin otherwise than with a component's name.
    documented = {**rows, "backend": rows["tiers"], "frontend": rows["the"]}
    found = {path.stem for path in rendered.path("argocd/prod/apps").iterdir()} - {"project"}
    waves = {name: rendered.wave("prod", name) for name in found}
    # It needs the tier that serves `/`.
    assert waves.pop("ingress") > documented["frontend"]
    assert waves == {name: documented[name] for name in waves}


def test_the_readmes_commands(repository: Repository) -> None:
    """What it does after `make render`, with a Git repository as the witness."""
    repository.render()
    repository.git("init", "--quiet")
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "all")
    assert repository.run("set", "dev", "tiers.backend.image.tag=2.1.1").returncode == 0
    repository.render("dev")
    changed = repository.git("diff", "--name-only").split()
    assert changed == [
        "rendered/dev/manifests/backend/app/deployment-backend.yaml",
        "rendered/dev/umbrella/values.yaml",
        "values/dev.yaml",
    ]
