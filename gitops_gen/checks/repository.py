"""Checks the environments of a work tree that changed since their last check without findings."""

from __future__ import annotations

from dataclasses import replace

from gitops_gen.checks.clean_stamps import CleanStamp, valid_stamps
from gitops_gen.checks.request import CheckRequest, CheckResult
from gitops_gen.inputs.files import chosen
from gitops_gen.model import Checked
from gitops_gen.render import Listener
from gitops_gen.revisions import WorkTree


def check_repository(request: CheckRequest, listener: Listener) -> CheckResult:
    """Checks values and rendered objects. Raises InvalidInput for an unknown environment.

    Raises ToolFailed if Helm cannot run. What apicheck could not judge is a part of the result.
    """
    names = chosen(WorkTree(request.root), request.names)
    # A stamp is about all rules, so a check of some rules neither uses nor writes one.
    clean = {} if request.selection else valid_stamps(request.root, names)
    changed = tuple(name for name in names if name not in clean)
    if not changed:
        return _with_clean(CheckResult(Checked((), ())), names, clean)
    from gitops_gen.checks.environments import EnvironmentsCheck

    found = EnvironmentsCheck(request, listener, changed).result()
    return _with_clean(found, names, clean)


def _with_clean(
    found: CheckResult, names: tuple[str, ...], clean: dict[str, CleanStamp]
) -> CheckResult:
    """Returns the result with the environments that did not change."""
    counts = {one.environment: one for one in found.checked.objects}
    counts |= {name: stamp.counts for name, stamp in clean.items()}
    objects = tuple(counts[name] for name in names)
    checked = replace(found.checked, environments=names, objects=objects)
    return replace(found, checked=checked)
