"""For a pull request: workflow commands that GitHub shows at the line.

The escapes are those of GitHub's own toolkit (packages/core/src/command.ts): in the message
%, CR and LF; in a property also : and ,. What else no log should obey is shown as text.
"""

from __future__ import annotations

from gitops_gen.model import Checked, Finding, printable_lines


def findings(checked: Checked) -> str:
    return "".join(f"{_command(finding)}\n" for finding in checked.findings)


def _command(finding: Finding) -> str:
    position = finding.position
    place = {
        "file": position.file,
        "line": str(position.line),
        "col": str(position.column),
        "title": finding.rule,
    }
    properties = ",".join(f"{key}={_property(text)}" for key, text in place.items())
    return f"::{finding.severity} {properties}::{_data(finding.message)}"


def _data(text: str) -> str:
    return printable_lines(text).replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
