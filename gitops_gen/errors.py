"""Everything that a user or a tool can cause; `cli` turns it into a message and an exit code.

GitopsGenError
├── InvalidInput     exit 2: values, files or arguments that are wrong; carries findings
├── ToolFailed       exit 3: Helm, Git or the machine did not do its part
└── Interrupted      exit 130: Ctrl-C or SIGTERM; no file was left half-written
"""

from __future__ import annotations

from collections.abc import Iterable

from gitops_gen.model import Finding, Position, Rule


class GitopsGenError(Exception):
    """Its text is the whole message for the user, one line a finding."""

    exit_code = 3


class InvalidInput(GitopsGenError):
    exit_code = 2

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))

    @classmethod
    def at(cls, position: Position, message: str, rule: Rule) -> InvalidInput:
        return cls([Finding(rule, message, position)])


class ToolFailed(GitopsGenError):
    exit_code = 3


class Interrupted(GitopsGenError):
    exit_code = 130
