"""The steps that destroy a cluster, written by the templates beside this file."""

from __future__ import annotations

from pathlib import Path
from shlex import quote

from gitops_gen.model import printable_lines
from gitops_gen.teardown.facts import ClusterFacts
from gitops_gen.teardown.summary import lost, remaining

TEMPLATES = Path(__file__).with_name("templates")


def text(facts: ClusterFacts) -> str:
    """For a reader: all steps with their commands."""
    return printable_lines(_rendered("text.j2", facts))


def script(facts: ClusterFacts) -> str:
    """For bash: it asks before each step that destroys something, and can be started again."""
    return _rendered("script.sh.j2", facts)


def _rendered(template: str, facts: ClusterFacts) -> str:
    # Imported only here: no other part of the command needs it.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,  # noqa: S701  # The output is no HTML; `quote` quotes values for a shell.
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters["quote"] = lambda value: quote(str(value))
    return templates.get_template(template).render(
        cluster=facts, lost=lost(facts), remaining=remaining(facts)
    )
