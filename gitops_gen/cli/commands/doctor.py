"""`gitops-gen doctor`."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import click

from gitops_gen import __version__


@dataclass(frozen=True, slots=True)
class Tool:
    """One line of the report; `advice` is empty where all is well."""

    name: str
    state: str
    """The version, the path, or that it is missing."""
    advice: str = ""
    required: bool = True


@click.command(name="doctor")
def command() -> int:
    """Say what is installed, what is missing and how to get it. Exit 3 if something is.

    \b
    Examples:
      gitops-gen doctor
    """
    tools = list(_tools())
    _print(tools)
    click.echo("\nfor gitops-gen rehearse alone:")
    _print(list(_of_rehearsals()))
    return 3 if any(tool.advice and tool.required for tool in tools) else 0


def _print(tools: Sequence[Tool]) -> None:
    width = max(len(tool.name) for tool in tools) + 2
    for tool in tools:
        mark = "ok" if not tool.advice else "missing" if tool.required else "absent"
        click.echo(f"{mark:9}{tool.name:{width}}{tool.state}")
        if tool.advice:
            click.echo(f"{'':{width + 9}}{tool.advice}")


def _tools() -> Iterator[Tool]:
    yield Tool("gitops-gen", __version__)
    yield Tool("Python", platform.python_version())
    yield _helm()
    yield _git()
    yield _repository()


def _of_rehearsals() -> Iterator[Tool]:
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
        advice = "the next render fetches it; or install it on PATH, or name one with "
        return Tool("Helm", f"{helm.HELM_VERSION} is not here", f"{advice}{helm.VARIABLE}", False)
    state = f"{executable.version} ({executable.path})"
    return Tool("Helm", state, executable.note or "", required=not executable.note)


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
        return Tool("repository", f"{os.getcwd()}: {', '.join(chosen(WorkTree(os.getcwd()), ()))}")
    except InvalidInput as error:
        return Tool("repository", "none in this folder", str(error), required=False)
