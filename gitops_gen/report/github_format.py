"""The format for pull requests: workflow commands that GitHub shows at the line.

The escapes are those of GitHub's own toolkit (packages/core/src/command.ts): %, CR and LF in a
message, and also `:` and `,` in a property. All other control characters are shown as text.
"""

from __future__ import annotations

import os

from gitops_gen.model import COMMAND_LINE, Checked, Finding, Position, printable_lines
from gitops_gen.report import excused_summary, object_lines

_COMMANDS = {"note": "notice"}
"""The workflow commands of the severities; those of errors and warnings have the same name."""


def findings(checked: Checked) -> str:
    lines = [_command(finding) for finding in checked.findings]
    # An excused finding requires no action, so it is a line of the log and not an annotation.
    lines += [summary] if (summary := excused_summary(checked.excused)) else []
    lines += object_lines(checked)
    return "".join(f"{line}\n" for line in lines)


def _command(finding: Finding) -> str:
    properties = {**_place(finding.position), "title": finding.rule.id}
    texts = ",".join(f"{key}={_property(text)}" for key, text in properties.items())
    command = _COMMANDS.get(finding.severity, finding.severity)
    return f"::{command} {texts}::{_data(finding.message)}"


def _place(position: Position) -> dict[str, str]:
    """Returns the place of an annotation. One about arguments belongs to the whole run."""
    if position == COMMAND_LINE:
        return {}
    return {
        "file": os.path.normpath(f"{_folder()}{position.file}"),
        "line": str(position.line),
        "col": str(position.column),
    }


def _folder() -> str:
    """Returns the path of this folder in the clone, in whose root folder GitHub looks for files."""
    clone = os.environ.get("GITHUB_WORKSPACE")
    if not clone:
        return ""
    path = os.path.relpath(os.path.realpath("."), os.path.realpath(clone))
    return "" if path == "." or path.startswith("..") else f"{path}/"


def _data(text: str) -> str:
    return printable_lines(text).replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
