"""The jinja2 templates that pages are written with; each lies beside the format that uses it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from gitops_gen.model import printable_lines


def html(template: str, functions: tuple[Callable[..., Any], ...] = (), **values: Any) -> str:
    """A page in which every value is escaped; templates call `functions` by their names."""
    return _rendered(template, functions, values, autoescape=True, finalize=_printable)


def markdown(template: str, **values: Any) -> str:
    """A page of documentation. Its values are texts of this package, so nothing is escaped."""
    return _rendered(template, (), values, autoescape=False)


def _rendered(
    template: str,
    functions: tuple[Callable[..., Any], ...],
    values: dict[str, Any],
    **options: Any,
) -> str:
    # Imported only here: most formats need no template.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    templates = Environment(  # noqa: S701  # Both callers say whether values are escaped.
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **options,
    )
    templates.globals.update({function.__name__: function for function in functions})
    return templates.get_template(template).render(values)


def _printable(value: Any) -> Any:
    """No character that a browser obeys, such as one that turns the direction of a text."""
    if hasattr(value, "__html__"):
        return value  # what a macro of the template returns
    return printable_lines(str(value))
