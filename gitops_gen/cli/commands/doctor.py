"""`gitops-gen doctor`."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import click

from gitops_gen import __version__


@dataclass(frozen=True, slots=True)
class Tool:
    """One line of the report; `advice` is empty where all is well."""

    name: str
    found: str
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
    for tool in tools:
        mark = "ok" if not tool.advice else "missing" if tool.required else "absent"
        click.echo(f"{mark:8}{tool.name:12}{tool.found}")
        if tool.advice:
            click.echo(f"{'':20}{tool.advice}")
    return 3 if any(tool.advice and tool.required for tool in tools) else 0


def _tools() -> Iterator[Tool]:
    yield Tool("gitops-gen", __version__)
    yield Tool("Python", platform.python_version())
    yield _helm()
    yield _git()
    yield _repository()


def _helm() -> Tool:
    from gitops_gen import helm

    found = helm.installed()
    if found is None:
        advice = "the next render fetches it; or install it on PATH, or name one with "
        return Tool("Helm", f"{helm.HELM_VERSION} is not here", f"{advice}{helm.VARIABLE}", False)
    if found.note:
        return Tool("Helm", f"{found.version} ({found.path})", found.note, False)
    return Tool("Helm", f"{found.version} ({found.path})")


def _git() -> Tool:
    path = shutil.which("git")
    return Tool(
        "Git", path or "not on PATH", "" if path else "install git with your system's packages"
    )


def _repository() -> Tool:
    from gitops_gen.errors import InvalidInput
    from gitops_gen.inputs import chosen

    try:
        return Tool("repository", f"{os.getcwd()}: {', '.join(chosen(os.getcwd(), ()))}")
    except InvalidInput as error:
        return Tool("repository", "none in this folder", str(error), required=False)
