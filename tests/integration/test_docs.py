"""The documentation agrees with the commands, the values and the rendered files."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from pkgutil import resolve_name

import click
import pytest

from gitops_gen import yaml
from gitops_gen.cli.main import gitops_gen
from gitops_gen.components import catalogue
from tests.repository import ROOT, Repository

PAGES = [
    *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted(path for path in (ROOT / "terraform").rglob("*.md") if ".terraform" not in path.parts),
    ROOT / "gitops_gen/scaffold/files/README.md",
]
SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)
YAML = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
WAVE = re.compile(r"^\| (-?[0-9]+) \| ([a-z-]+)", re.MULTILINE)
ANCHOR = re.compile(r"\]\(([^)#]*)#([^)]+)\)")
LINK = re.compile(r"\]\(([^)#]+)(#[^)]*)?\)")
# References to a section of a page: in code and Terraform, and in tests that read its commands.
TITLE = re.compile(r"docs/([\w-]+\.md), ([A-Z][\w -]+)")
QUOTED_TITLE = re.compile(r'"([A-Z][\w -]+)\\*" in docs/([\w-]+\.md)')
RECIPE = re.compile(r"recipe\(\"([\w-]+\.md)\", \"([^\"]+)\"\)")
INLINE = re.compile(r"`([^`\n]+)`")
PACKAGES = {path.name.removesuffix(".py") for path in (ROOT / "gitops_gen").iterdir()}
VALUES = {"cluster", "repository", "argocd", *(folder.section[0] for folder in catalogue())}


def page_id(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_linked_files_exist(page: Path) -> None:
    links = [match[1] for match in LINK.finditer(page.read_text())]
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_linked_headings_exist(page: Path) -> None:
    found = (match for match in ANCHOR.finditer(page.read_text()) if "://" not in match[1])
    wrong = [m[0] for m in found if m[2] not in anchors(page.parent / m[1] if m[1] else page)]
    assert wrong == []


def anchors(page: Path) -> set[str]:
    """Returns the anchors that GitHub generates for the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_sections_that_the_code_refers_to_exist() -> None:
    files = [*(ROOT / "gitops_gen").rglob("*.py"), *(ROOT / "terraform").rglob("*.tf")]
    texts = [_text(file) for file in files]
    tests = [_text(file) for file in (ROOT / "tests/e2e").glob("*.py")]
    named = [match for text in texts for match in TITLE.findall(text)]
    named += [(page, title) for text in texts for title, page in QUOTED_TITLE.findall(text)]
    named += [match for text in tests for match in RECIPE.findall(text)]
    assert len(named) > 3
    assert [(page, title) for page, title in named if f"\n## {title}\n" not in _page(page)] == []


def _text(file: Path) -> str:
    return file.read_text()


def _page(name: str) -> str:
    return _text(ROOT / "docs" / name)


def test_the_architecture_names_packages_in_the_order_of_the_layers() -> None:
    project = tomllib.loads(_text(ROOT / "pyproject.toml"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    section = _text(ROOT / "ARCHITECTURE.md").partition("\n| package |")[2].partition("\n\n")[0]
    rows = [INLINE.findall(row.split(" | ")[0]) for row in section.splitlines()[2:]]
    assert rows == [layer.split(" | ") for layer in layers]


def test_the_architecture_names_modules_and_files_that_exist() -> None:
    names = set(INLINE.findall(_text(ROOT / "ARCHITECTURE.md")))
    modules = {name for name in names if re.fullmatch(r"[a-z_]+(\.\w+)+", name)}
    modules = {name for name in modules if name.split(".")[0] in PACKAGES}
    paths = {name for name in names if re.fullmatch(r"(gitops_gen|tests|tools)/[\w./-]+", name)}
    assert len(modules) > 50
    assert len(paths) > 30
    assert [name for name in sorted(modules) if not _is_defined(name)] == []
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []


def _is_defined(name: str) -> bool:
    try:
        resolve_name(f"gitops_gen.{name}")
    except (AttributeError, ImportError):
        return False
    return True


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
    """Returns every gitops-gen command in shell blocks and inline code."""
    blocks = SHELL.findall(text) + re.findall(r"`([^`\n]+)`", text)
    for line in "\n".join(blocks).splitlines():
        for part in re.split(r"&&|\||;", line.split(" #")[0]):
            match = re.search(r"(?:^|[\s/])gitops-gen (\S.*)", part)
            if match and not re.match(r"[\[A-Z]", match[1]):
                words = match[1].split(">")[0].replace("[", "").replace("]", "").split()
                yield [word for word in words if word != "..."]


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=page_id)
def test_examples_of_values_are_valid(page: Path, repository: Repository) -> None:
    """Each example is merged over the values of the environment dev."""
    # An example may set autoscaling, which cannot be combined with `replicas`.
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
    # Two rows do not begin with the name of a component.
    documented = {**rows, "backend": rows["tiers"], "frontend": rows["the"]}
    found = {path.stem for path in rendered.path("argocd/prod/apps").iterdir()} - {"project"}
    waves = {name: rendered.wave("prod", name) for name in found}
    # The Ingress requires the tier with the path `/`.
    assert waves.pop("ingress") > documented["frontend"]
    assert waves == {name: documented[name] for name in waves}


def test_the_readmes_commands(repository: Repository) -> None:
    """The commands after `make render`. Git shows which files they change."""
    repository.render()
    repository.git("init", "--quiet")
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "all")
    assert repository.run("set", "dev", "tiers.backend.image.tag=2.1.1").returncode == 0
    repository.render("dev")
    changed = repository.git("diff", "--name-only").split()
    assert changed == [
        "rendered/dev/manifests/backend/app/deployment-backend.yaml",
        "rendered/dev/umbrella/Chart.yaml",
        "rendered/dev/umbrella/values.yaml",
        "values/dev.yaml",
    ]
