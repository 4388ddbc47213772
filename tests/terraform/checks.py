"""All checks of terraform/, from the fastest to the slowest.

The tests run each check on the work tree. test_mistakes.py runs them on a copy with a mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import api_rules
import aws_names
import iam
from wiring import bootstrap, findings, found, source
from wiring.wanted import EXAMPLES
from workspace import Failed, Workspace, folders, resources

BOOTSTRAP_EXAMPLES = ("full", "default")


@dataclass(frozen=True, slots=True)
class Report:
    """The name of a check, and its findings."""

    check: str
    findings: tuple[str, ...]


def text(workspace: Workspace) -> list[str]:
    """Returns findings about the source text: the format, and what no plan or state contains."""
    try:
        workspace.run(".", "fmt", "-check", "-recursive", "-diff")
    except Failed as failed:
        return [str(failed)]
    return list(source.findings(workspace.root / "terraform"))


def of_infra(made: found.Found, example: str) -> Iterator[Report]:
    """Yields the reports about an applied example of terraform/infra."""
    want = EXAMPLES[example]
    all_of_it = resources(made.state)
    yield Report("api", tuple(api_rules.broken(resources(made.plan))))
    yield Report("iam", tuple(iam.wrong(all_of_it)))
    yield Report("names", (*aws_names.wrong(all_of_it), *_controller(made, want.name)))
    yield Report("wiring", tuple(findings.of_infra(made, want)))


def _controller(made: found.Found, cluster: str) -> Iterator[str]:
    role = f"{cluster}-aws-load-balancer-controller"
    for one in resources(made.state):
        if one.type == "aws_iam_role_policy" and one.values["role"] == role:
            yield from aws_names.controller_differences(one.values["policy"], cluster)


def of_bootstrap(made: found.Found, root: Path, example: str) -> Iterator[Report]:
    """Yields the reports about an applied example of terraform/bootstrap, in a copy at `root`."""
    given = bootstrap.variables(root / f"terraform/bootstrap/examples/{example}.tfvars.json")
    manifest = (root / "argocd" / given["environment"] / "bootstrap.yaml").read_text()
    all_of_it = resources(made.state)
    yield Report("api", tuple(api_rules.broken(resources(made.plan))))
    yield Report("iam", tuple(iam.wrong(all_of_it)))
    yield Report("names", tuple(aws_names.wrong(all_of_it)))
    yield Report("wiring", tuple(findings.of_bootstrap(made, given, manifest)))


def first_report(workspace: Workspace, changed: str) -> Report | None:
    """Returns the report of the first check that detects the change of a file, or None."""
    for report in reports(workspace, changed):
        if report.findings:
            return report
    return None


def reports(workspace: Workspace, changed: str) -> Iterator[Report]:
    yield Report("text", tuple(text(workspace)))
    for root in _roots(changed):
        yield from _of_root(workspace, root)
    for folder in _tested(changed):
        yield Report("module tests", tuple(_failures(workspace.tests, folder)))


def _roots(changed: str) -> tuple[str, ...]:
    """Returns the root modules that use a file."""
    if changed.startswith(("modules/role/", "modules/object/")):
        return ("infra", "bootstrap")
    of_bootstrap = changed.startswith(("bootstrap/", "modules/argocd/"))
    return ("bootstrap",) if of_bootstrap else ("infra",)


def _tested(changed: str) -> list[str]:
    """Returns the folders whose `*.tftest.hcl` may detect it: its own folder, then the roots."""
    own = [folder for folder in folders() if changed.startswith(f"{folder}/")]
    return [*own, *(root for root in _roots(changed) if root not in own)]


def _of_root(workspace: Workspace, root: str) -> Iterator[Report]:
    for example in EXAMPLES if root == "infra" else BOOTSTRAP_EXAMPLES:
        ending = "tfvars" if root == "infra" else "tfvars.json"
        variables = f"examples/{example}.{ending}"
        try:
            made = found.apply(workspace, root, variables, f"{example}.tfstate")
        except Failed as failed:
            yield Report("plan", (str(failed),))
            return
        if root == "infra":
            yield from of_infra(made, example)
        else:
            yield from of_bootstrap(made, workspace.root, example)


def _failures(command: Callable[[str], object], folder: str) -> Iterator[str]:
    try:
        command(folder)
    except Failed as failed:
        yield str(failed)
