"""docs/commands.md: every command with its arguments and options, from click."""

from __future__ import annotations

from inspect import cleandoc

import click

from gitops_gen.cli.main import gitops_gen
from tools.docs.templates import rendered


def page() -> str:
    """The whole page."""
    group = click.Context(gitops_gen, info_name="gitops-gen")
    names = gitops_gen.list_commands(group)
    commands = [(name, _sections(group, name)) for name in names]
    return rendered("commands.md.j2", commands=commands)


def _sections(group: click.Context, name: str) -> dict[str, object]:
    command = gitops_gen.get_command(group, name)
    assert command is not None
    context = click.Context(command, info_name=name, parent=group)
    usage = command.get_usage(context).removeprefix("Usage: ")
    text, _, examples = cleandoc(command.help or "").partition("\b\nExamples:\n")
    return {
        "usage": usage,
        "text": text.replace("\b\n", "").strip(),
        "examples": cleandoc(examples),
        "options": [_option(one, context) for one in command.params if _is_option(one)],
    }


def _is_option(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Option) and not parameter.hidden


def _option(option: click.Parameter, context: click.Context) -> tuple[str, str]:
    """Its forms and its help, as `--help` prints them."""
    record = option.get_help_record(context)
    assert record is not None
    return record
