"""JUnit XML, the format of test reports in GitLab, Jenkins and others.

There is one test suite per environment and per file. An error is a failed test. A warning or a note
is a test that passes with output, because it does not make the command fail. What is excused or
could not be checked is a skipped test.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TypeAlias
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from gitops_gen.model import (
    Checked,
    Excuse,
    Finding,
    ObjectCounts,
    Severity,
    printable,
    printable_lines,
)
from gitops_gen.report import finding_line

_Case: TypeAlias = tuple[Finding, Excuse | None]


def findings(checked: Checked) -> str:
    root = Element("testsuites", name="gitops-gen")
    root.extend([*_environments(checked), *_left_out(checked), *_files(checked)])
    for parent in (root, *root):
        _count(parent)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _count(parent: Element) -> None:
    """Adds the numbers of tests. There are never tests with errors: a finding is a failure."""
    parent.set("tests", str(len(parent.findall(".//testcase"))))
    parent.set("failures", str(len(parent.findall(".//failure"))))
    parent.set("errors", "0")
    parent.set("skipped", str(len(parent.findall(".//skipped"))))


# Environments


def _environments(checked: Checked) -> Iterator[Element]:
    """Yields a suite for each environment, so that a report without findings has tests too."""
    counts = {one.environment: one for one in checked.objects}
    for name in checked.environments:
        suite = Element("testsuite", name=printable(name))
        _add_objects(suite, name, counts.get(name))
        yield suite


def _left_out(checked: Checked) -> Iterator[Element]:
    """Yields a suite with a skipped test for each rule that the command line leaves out."""
    if checked.not_applied:
        suite = Element("testsuite", name="rules that are not applied")
        for name in checked.not_applied:
            case = SubElement(suite, "testcase", classname="not applied", name=printable(name))
            SubElement(case, "skipped", message="The command line leaves it out.")
        yield suite


def _add_objects(suite: Element, environment: str, counts: ObjectCounts | None) -> None:
    group = printable(environment)
    if counts is None:
        SubElement(suite, "testcase", classname=group, name="values")
        return
    case = SubElement(suite, "testcase", classname=group, name="rendered objects")
    if counts.not_rendered:
        SubElement(case, "skipped", message=printable(counts.not_rendered))
    else:
        SubElement(case, "system-out").text = f"{counts.holds} objects hold"
    for part in (*counts.not_checked, *counts.not_determined):
        name = printable(f"not checked: {part.kind}")
        case = SubElement(suite, "testcase", classname=group, name=name)
        SubElement(case, "skipped", message=printable(f"{part.count} {part.kind}: {part.reason}"))


# Findings


def _files(checked: Checked) -> Iterator[Element]:
    """Yields a suite for each file that has findings."""
    found: list[_Case] = [(finding, None) for finding in checked.findings]
    found += [(one.finding, one.excuse) for one in checked.excused]
    found.sort(key=_file)
    for file, cases in groupby(found, _file):
        suite = Element("testsuite", name=printable(file))
        _add_findings(suite, cases)
        yield suite


def _file(case: _Case) -> str:
    return case[0].position.file


def _add_findings(suite: Element, cases: Iterable[_Case]) -> None:
    """Adds the findings with names that do not depend on their lines and messages."""
    numbers: Counter[tuple[str, str]] = Counter()
    for finding, excuse in cases:
        rule, subject = finding.rule.id, _subject(finding)
        numbers[rule, subject] += 1
        number = numbers[rule, subject]
        name = subject if number == 1 else f"{subject} ({number})"
        place = {"file": printable(finding.position.file), "line": str(finding.position.line)}
        case = SubElement(suite, "testcase", {"classname": rule, "name": name, **place})
        _add_outcome(case, finding, excuse)


def _subject(finding: Finding) -> str:
    parts = ["" if finding.field is None else str(finding.field), str(finding.object or "")]
    return printable(", ".join(filter(None, parts)) or finding.rule.title)


def _add_outcome(case: Element, finding: Finding, excuse: Excuse | None) -> None:
    if excuse:
        SubElement(case, "skipped", message=printable(excuse.reason))
    elif finding.severity is Severity.ERROR:
        failure = SubElement(case, "failure", type=finding.rule.id)
        failure.set("message", printable(finding.message))
        failure.text = _body(finding)
    else:
        SubElement(case, "system-out").text = _body(finding)


def _body(finding: Finding) -> str:
    """XML cannot contain control characters, which become escape sequences."""
    related = (f"{item.position}: {item.message}" for item in finding.related)
    lines = [finding_line(finding), *related, "", finding.rule.remedy]
    return printable_lines("\n".join(lines))
