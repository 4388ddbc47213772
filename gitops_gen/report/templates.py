"""Renders the Jinja2 templates of this package, which are next to the formats that use them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from gitops_gen.model import printable_lines


def html(template: str, functions: tuple[Callable[..., Any], ...] = (), **values: Any) -> str:
    """Returns an HTML page in which every value is escaped.

    Templates call `functions` by their names.
    """
    return _rendered(template, functions, values, autoescape=True, finalize=_printable)


def unescaped(text: str) -> Any:
    """Returns a text that `html` inserts as it is, such as a script of this package."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704  # The caller is responsible for the text.


def markdown(template: str, **values: Any) -> str:
    """Returns a page of documentation. No value is escaped: all are texts of this package."""
    return _rendered(template, (), values, autoescape=False)


def _rendered(
    template: str,
    functions: tuple[Callable[..., Any], ...],
    values: dict[str, Any],
    **options: Any,
) -> str:
    # Imported only here: most formats need no template.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    templates = Environment(  # noqa: S701  # Both callers set whether values are escaped.
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
    """Replaces control characters, such as those that reverse the direction of a text."""
    if hasattr(value, "__html__"):
        return value  # The result of a macro of the template.
    return printable_lines(str(value))
