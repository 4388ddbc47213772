"""docs/commands.md: every command with its arguments and options, from click."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc

import click

from gitops_gen.cli.main import gitops_gen
from tools.docs.templates import rendered


def page() -> str:
    """The whole page."""
    group = click.Context(gitops_gen, info_name="gitops-gen")
    names = gitops_gen.list_commands(group)
    commands = [section for name in names for section in _with_subcommands(group, name)]
    return rendered("commands.md.j2", commands=commands)


def _with_subcommands(group: click.Context, name: str) -> Iterator[tuple[str, dict[str, object]]]:
    """Yields the name and the sections of a command, and then those of its subcommands."""
    assert isinstance(group.command, click.Group)
    command = group.command.get_command(group, name)
    assert command is not None
    context = click.Context(command, info_name=name, parent=group)
    full_name = context.command_path.partition(" ")[2]
    yield full_name, _sections(context)
    if isinstance(command, click.Group):
        for one in command.list_commands(context):
            yield from _with_subcommands(context, one)


def _sections(context: click.Context) -> dict[str, object]:
    command = context.command
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
