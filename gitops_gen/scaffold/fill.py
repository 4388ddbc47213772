"""Replaces the variables in the files of the package, such as `@NAME@`."""

from __future__ import annotations

from collections.abc import Mapping

from gitops_gen import __version__, yaml
from gitops_gen.inputs.placeholders import TEXT
from gitops_gen.scaffold.clone import Clone
from gitops_gen.scaffold.installation import installation

_MINOR = ".".join(__version__.split(".")[:2])


def variables(name: str, clone: Clone) -> dict[str, str]:
    """Returns the text of each variable for the application `name` in a clone."""
    url = clone.url or f"https://github.com/{TEXT}/{name}.git"
    source = installation()
    return {
        "@NAME@": name,
        "@MINOR@": _MINOR,
        "@URL@": _scalar(url),
        "@REVISION@": _scalar(clone.revision),
        "@PATH@": f"\n  path: {_scalar(clone.folder)}" if clone.folder else "",
        "@FOLDER@": clone.folder or ".",
        "@PREFIX@": clone.prefix,
        # A regular expression in JSON.
        "@PATTERN@": clone.prefix.replace(".", r"\\."),
        "@SOURCE@": source.url,
        "@PIN@": source.revision,
        "@ACTION@": source.action(clone.url),
        "@CHECK@": _entry(clone, "gitops-gen check"),
        "@RENDER@": _entry(clone, "gitops-gen render --check"),
    }


def filled(content: bytes, texts: Mapping[str, str]) -> bytes:
    for variable, text in texts.items():
        content = content.replace(variable.encode(), text.encode())
    return content


def _scalar(text: str) -> str:
    """Returns a string in YAML, in quotes if it would have another type without them."""
    return yaml.dump({"a": text}).removeprefix("a: ").rstrip("\n")


def _entry(clone: Clone, command: str) -> str:
    """Returns the lines that make a hook of pre-commit run in the folder."""
    return f"\n        entry: bash -c 'cd {clone.folder} && {command}'" if clone.folder else ""
