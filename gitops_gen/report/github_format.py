"""The format for pull requests: workflow commands that GitHub shows at the line.

The escapes are those of GitHub's own toolkit (packages/core/src/command.ts): %, CR and LF in a
message, and also `:` and `,` in a property. All other control characters are shown as text.
"""

from __future__ import annotations

from gitops_gen.model import Checked, Finding, Severity, printable_lines
from gitops_gen.report import excused_summary, not_applied_lines, object_lines


def findings(checked: Checked) -> str:
    lines = [_command(finding) for finding in checked.findings]
    # An excused finding requires no action, so it is a line of the log and not an annotation.
    lines += [summary] if (summary := excused_summary(checked.excused)) else []
    lines += [*not_applied_lines(checked), *object_lines(checked)]
    return "".join(f"{line}\n" for line in lines)


def _command(finding: Finding) -> str:
    position = finding.position
    place = {
        "file": position.file,
        "line": str(position.line),
        "col": str(position.column),
        "title": finding.rule.id,
    }
    properties = ",".join(f"{key}={_property(text)}" for key, text in place.items())
    command = "notice" if finding.severity is Severity.NOTE else finding.severity
    return f"::{command} {properties}::{_data(finding.message)}"


def _data(text: str) -> str:
    return printable_lines(text).replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
