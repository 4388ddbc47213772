"""Completion of environments and paths of values in a shell.

A shell runs the command for each completion, so nothing is imported or read that is not needed.
Errors are ignored: an invalid file must not print messages into the command line.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from gitops_gen.cli.repository import VALUES, repository_root
from gitops_gen.inputs.files import BASE_NAME, GROUP_PREFIX, GROUPS

if TYPE_CHECKING:
    from gitops_gen.model import Path

VARIABLE = "_GITOPS_GEN_COMPLETE"
"""The variable with which a shell asks for completions."""
_END_IN_BASH = "    return 0\n"
_NO_SPACE_IN_BASH = "    [[ ${COMPREPLY[*]} == *= ]] && compopt -o nospace\n"


def prepare() -> None:
    """Makes bash add no space after a path that ends with `=`, and complete `group:NAME`.

    A colon separates words in bash, so that it passes `group:eu` as three words, and replaces only
    the last one.
    """
    from click.shell_completion import BashComplete, CompletionItem, add_completion_class

    class _BashComplete(BashComplete):
        source_template = BashComplete.source_template.replace(
            _END_IN_BASH, f"{_NO_SPACE_IN_BASH}{_END_IN_BASH}"
        )

        def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
            *given, last = _joined_at_colons([*args, incomplete])
            found = super().get_completions(given, last)
            prefix = GROUP_PREFIX if last.startswith(GROUP_PREFIX) else ""
            return [CompletionItem(one.value.removeprefix(prefix), one.type) for one in found]

    add_completion_class(_BashComplete)


def _joined_at_colons(words: list[str]) -> list[str]:
    """Returns the words of a line, in which `group`, `:` and `eu` are one word again."""
    joined: list[str] = []
    for word in words:
        is_part = word == ":" or joined[-1:] == [GROUP_PREFIX]
        joined += [joined.pop() + word] if joined and is_part else [word]
    return joined


def complete_environments(
    context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[str]:
    """Returns the names of environments that begin with `incomplete`."""
    given = context.params.get("environments") or ()
    return [
        name for name in _environments(context) if name.startswith(incomplete) and name not in given
    ]


def complete_assignments(
    context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[str]:
    """Returns names of values files and, after the first of them, paths with `=`."""
    given = context.params.get("words") or ()
    all_names = (*_environments(context), BASE_NAME, *_groups(context))
    names = [name for name in all_names if name not in given]
    only_names = all("=" not in word for word in given)
    paths = [f"{path}=" for path in _paths(context, given[0])] if given else []
    return [
        text for text in (*(names if only_names else ()), *paths) if text.startswith(incomplete)
    ]


def complete_values(
    context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[str]:
    """Returns the names of environments and, after one of them, the paths of its values."""
    given = context.params.get("words") or ()
    texts = _paths(context, given[0]) if given else _environments(context)
    return [text for text in texts if text.startswith(incomplete)]


def complete_paths(
    context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[str]:
    """Returns the paths of the values of the environment that --from names."""
    source = context.params.get("source") or next(iter(_environments(context)), "")
    return [path for path in _paths(context, source) if path.startswith(incomplete)]


def _root(context: click.Context) -> str:
    """Returns the root of the repository. The option -C of the group is not applied here."""
    folders = context.find_root().params.get("folders") or ()
    return repository_root(os.path.abspath(os.path.join(os.curdir, *folders)))


def _environments(context: click.Context) -> list[str]:
    return [name for name in _files(context, VALUES) if name != BASE_NAME]


def _groups(context: click.Context) -> list[str]:
    return [f"{GROUP_PREFIX}{name}" for name in _files(context, GROUPS)]


def _files(context: click.Context, folder: str) -> list[str]:
    """Returns the sorted names of the values files in a folder, without their extension."""
    with suppress(OSError):
        files = sorted(os.listdir(os.path.join(_root(context), folder)))
        return [file.removesuffix(".yaml") for file in files if file.endswith(".yaml")]
    return []


def _paths(context: click.Context, name: str) -> list[str]:
    """Returns the paths of all values of an environment, and of the keys that the schema allows."""
    from gitops_gen.components import catalogue
    from gitops_gen.errors import GitopsGenError
    from gitops_gen.inputs import Loader
    from gitops_gen.model import dotted
    from gitops_gen.revisions import WorkTree

    with suppress(GitopsGenError, OSError):
        loader = Loader(WorkTree(_root(context)), catalogue())
        paths = dict.fromkeys(_keys(loader.merged(name).values, loader.schema(name)))
        return sorted(map(dotted, paths))
    return []


def _keys(value: Any, schema: Any, path: Path = ()) -> Iterator[Path]:
    """Yields the paths of scalars and lists: of those in the values, and of those in the schema."""
    properties = schema.get("properties", {}) if isinstance(schema, dict) else {}
    any_key = schema.get("additionalProperties") if isinstance(schema, dict) else None
    present = value if isinstance(value, dict) else {}
    for key in dict.fromkeys((*present, *properties)):
        yield from _keys(present.get(key), properties.get(key, any_key), (*path, key))
    if path and not (present or properties):
        yield path
