"""The jinja2 templates of the generated pages."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def rendered(template: str, **names: object) -> str:
    """The page that a template of this folder makes. An undefined name is an error."""
    environment = Environment(  # noqa: S701 - Markdown from texts of this package
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(template).render(**names)
