"""`check` in the current folder with the rules of the API server, and without those over several
objects: `python benchmarks/only_api_rules.py`."""

from __future__ import annotations

import sys
from unittest import mock

from gitops_gen.checks import environments
from gitops_gen.checks.object_problems import RuleResult
from gitops_gen.cli import main


def no_rules(*_arguments: object) -> RuleResult:
    return RuleResult((), ())


with (
    mock.patch.object(environments, "EnvironmentView"),
    mock.patch.object(environments, "judged_by_rules", no_rules),
):
    sys.argv = ["gitops-gen", "check"]
    main()
