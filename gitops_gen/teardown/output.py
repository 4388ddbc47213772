"""Renders the steps that destroy a cluster from the templates in templates/."""

from __future__ import annotations

from pathlib import Path
from shlex import quote

from gitops_gen.model import printable_lines
from gitops_gen.teardown.facts import ClusterFacts
from gitops_gen.teardown.summary import lost, remaining

TEMPLATES = Path(__file__).with_name("templates")


def text(facts: ClusterFacts) -> str:
    """Returns all steps with their commands, as a text to read."""
    return printable_lines(_rendered("text.j2", facts))


def script(facts: ClusterFacts) -> str:
    """Returns a bash script that asks before each step that destroys something.

    A stopped script can be started again.
    """
    return _rendered("script.sh.j2", facts)


def _rendered(template: str, facts: ClusterFacts) -> str:
    # Imported only here: no other part of the command needs it.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,  # noqa: S701  # No HTML; the filter `quote` quotes values for the shell.
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters["quote"] = lambda value: quote(str(value))
    return templates.get_template(template).render(
        cluster=facts, lost=lost(facts), remaining=remaining(facts)
    )
