"""SARIF 2.1.0, the format that GitHub code scanning, GitLab and editors read.

An excused finding is not a result, because GitHub does not read `suppressions` and would open an
alert for it. What is excused and what could not be checked are notifications of the run.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any, TypeAlias
from urllib.parse import quote

from gitops_gen import __version__
from gitops_gen.model import COMMAND_LINE, Checked, Finding, Position, Rule, printable_lines
from gitops_gen.report import excused_summary, object_lines

Json: TypeAlias = dict[str, Any]

_ROOT = "SRCROOT"
"""The base of all relative URIs: the folder in which gitops-gen runs."""
_FINGERPRINTS = ("gitopsGen/v1", "primaryLocationLineHash")
"""The names of the fingerprint. GitHub only uses the second one, and calculates it from the text of
the line if it is missing, so that each new value would be a new alert."""


def findings(checked: Checked) -> str:
    document = {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
        "sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [_run(checked)],
    }
    return json.dumps(document, indent=2) + "\n"


def _run(checked: Checked) -> Json:
    located = [one for one in checked.findings if one.position != COMMAND_LINE]
    rules = list({finding.rule.id: finding.rule for finding in located}.values())
    driver = {
        "name": "gitops-gen",
        "version": __version__,
        "rules": [_rule(rule) for rule in rules],
    }
    root = {"description": {"text": "The folder in which gitops-gen runs."}}
    return {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: root},
        "invocations": [_invocation(checked)],
        "results": list(_results(located, [rule.id for rule in rules])),
    }


def _rule(rule: Rule) -> Json:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": f"{rule.why}\n\n{rule.remedy}", "markdown": _markdown(rule)},
        "defaultConfiguration": {"level": str(rule.severity)},
    }


def _markdown(rule: Rule) -> str:
    parts = [rule.why, f"**What to do:** {rule.remedy}"]
    for title, example in (("What the rule reports", rule.bad), ("Without the problem", rule.good)):
        if example:
            parts.append(f"{title}:\n\n```yaml\n{example.strip()}\n```")
    return "\n\n".join(parts)


# Notifications


def _invocation(checked: Checked) -> Json:
    usage = [one for one in checked.findings if one.position == COMMAND_LINE]
    summary = excused_summary(checked.excused)
    texts = [*([summary] if summary else []), *object_lines(checked)]
    return {
        "executionSuccessful": not usage,
        "toolConfigurationNotifications": [_notification("error", one.message) for one in usage],
        "toolExecutionNotifications": [_notification("note", text) for text in texts],
    }


def _notification(level: str, text: str) -> Json:
    return {"level": level, "message": _message(text)}


# Results


def _results(found: Sequence[Finding], rules: Sequence[str]) -> Iterator[Json]:
    for finding, fingerprint in zip(found, _fingerprints(found), strict=True):
        result: Json = {
            "ruleId": finding.rule.id,
            "ruleIndex": rules.index(finding.rule.id),
            "level": str(finding.severity),
            "message": _message(finding.message),
            "locations": [_location(finding.position, _logical_locations(finding))],
            "partialFingerprints": dict.fromkeys(_FINGERPRINTS, fingerprint),
        }
        if finding.related:
            result["relatedLocations"] = list(_related(finding))
        yield result


def _fingerprints(found: Iterable[Finding]) -> Iterator[str]:
    """Yields what identifies each finding, independently of its line and of its message.

    Findings that are equal apart from these are counted in the order of their positions.
    """
    numbers: Counter[str] = Counter()
    for finding in found:
        identity = sha256(
            "\0".join(_identity(finding)).encode(errors="backslashreplace")
        ).hexdigest()[:32]
        numbers[identity] += 1
        yield f"{identity}:{numbers[identity]}"


def _identity(finding: Finding) -> tuple[str, ...]:
    """The rule, the files, the object and the value. The file of the object has its environment."""
    field = "" if finding.field is None else str(finding.field)
    rendered = finding.related[0].position.file if finding.object and finding.related else ""
    subject = str(finding.object) if finding.object else ""
    return finding.rule.id, finding.position.file, rendered, subject, field


def _logical_locations(finding: Finding) -> list[Json]:
    found: list[Json] = []
    if finding.object:
        found.append({"fullyQualifiedName": _printed(str(finding.object)), "kind": "resource"})
    if finding.field is not None:
        found.append({"fullyQualifiedName": _printed(str(finding.field)), "kind": "property"})
    return found


def _related(finding: Finding) -> Iterator[Json]:
    for number, item in enumerate(finding.related):
        yield {"id": number, **_location(item.position, []), "message": _message(item.message)}


def _location(position: Position, logical: Sequence[Json]) -> Json:
    region = {"startLine": position.line, "startColumn": position.column}
    physical = {"artifactLocation": _artifact(position.file), "region": region}
    found: Json = {"physicalLocation": physical}
    return {**found, "logicalLocations": list(logical)} if logical else found


def _artifact(file: str) -> Json:
    """Returns the URI of a file. The colon after a revision must not look like a scheme."""
    path = quote(file, safe="/", errors="backslashreplace")
    if path.startswith("/"):
        return {"uri": f"file://{path}"}
    return {"uri": path, "uriBaseId": _ROOT}


def _message(text: str) -> Json:
    """Returns a plain message. `[text](target)` would be a link, also if a value contains it."""
    return {"text": _printed(text).replace("](", "] (")}


def _printed(text: str) -> str:
    return printable_lines(text)
