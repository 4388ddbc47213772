"""The format for exploring: one HTML file, which needs no network.

The verdict is written by a template. The list of changes is data, which the script in the page
turns into rows, so that ten thousand changes do not slow it down. The Content-Security-Policy
permits only this script and this style sheet, by their digests.
"""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from gitops_gen.changes.verdict import Verdict
from gitops_gen.report.changes.page_data import Json, page_data
from gitops_gen.report.changes.page_summary import PageSummary
from gitops_gen.report.templates import html, unescaped

_FOLDER = Path(__file__).with_name("html_page")
_MOST_ITEMS = 20
"""The most objects, findings or texts of one part of the verdict. The list has all of them."""


def verdict_report(verdict: Verdict) -> str:
    """Returns the page of a verdict. Equal verdicts are equal pages."""
    data = page_data(verdict.comparison)
    style, script = _content("*.css"), _content("*.js")
    return html(
        "changes/html_page/page.j2",
        verdict=verdict,
        comparison=verdict.comparison,
        summary=PageSummary(verdict, data),
        most=_MOST_ITEMS,
        policy=_policy(style, script),
        style=unescaped(style),
        script=unescaped(script),
        data=unescaped(_in_script(data)),
    )


def _content(pattern: str) -> str:
    """Returns the files of the page with this ending as one text, in the order of their names."""
    return "\n".join(path.read_text() for path in sorted(_FOLDER.glob(pattern)))


def _policy(style: str, script: str) -> str:
    """Returns a policy that permits nothing but this style sheet and this script."""
    directives = (
        "default-src 'none'",
        f"style-src {_digest(style)}",
        f"script-src {_digest(script)}",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
    )
    return "; ".join(directives)


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _in_script(data: Json) -> str:
    """Returns JSON without a character that could end the script element or begin a comment."""
    text = json.dumps(data, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
