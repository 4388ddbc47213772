"""Checks the values of a repository, and the objects that they render to.

check_repository(request, listener) -> CheckResult

| module | purpose |
|---|---|
| `repository` | the entry: environments that did not change since a check without findings |
| `clean_stamps` | which environments these are, and how many objects were judged |
| `environments` | all other environments: values, then objects |
| `rendered_files` | the generated files of an environment, from the disk or from memory |
| `api` | the rules of the API server |

This module imports no slow modules, so that a check of an unchanged repository stays fast.
"""

from gitops_gen.checks.repository import check_repository
from gitops_gen.checks.request import CheckRequest, CheckResult

__all__ = ["CheckRequest", "CheckResult", "check_repository"]
