"""The problems of a rehearsal, as findings in the form that all commands share.

No rule of this module can be excused: an unused excuse is an error, and only a rehearsal could
determine whether such an excuse is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gitops_gen.inputs.files import environment_file
from gitops_gen.model import Finding, ObjectId, Position, Related, Rule, Severity
from gitops_gen.rehearse.result import Awaited, Drift, Phase, Rehearsal, Remark, RemarkVerdict

REFUSED = Rule(
    "rehearsal-refused",
    title="The API server and Argo CD accept every object",
    why="An object that they refuse in a rehearsal is also refused in the cluster, and the sync of "
    "its Application then fails.",
    remedy="Correct the values at the position of the finding, as described in the message.",
)
UNHEALTHY = Rule(
    "rehearsal-unhealthy",
    title="Every object becomes Healthy",
    why="A sync stops at an object that does not become Healthy, and no later sync wave begins.",
    remedy="Fix the cause in the message, which also quotes the warning Events of the cluster.",
)
WARNED = Rule(
    "rehearsal-warning",
    title="The API server and Argo CD report no warning",
    why="A later version may refuse a deprecated or ineffective field.",
    remedy="Change the values as described in the warning. A rehearsal succeeds despite warnings.",
    severity=Severity.WARNING,
)
NOT_CHECKED = Rule(
    "rehearsal-not-checked",
    title="The cluster can validate every object",
    why="A dry run against a cluster cannot validate an object if its namespace or kind does not "
    "exist in the cluster, or if the user of the kubeconfig is not allowed to change it.",
    remedy="Run the rehearsal without --kubeconfig, which also validates these objects.",
    severity=Severity.WARNING,
)
DRIFT = Rule(
    "rehearsal-drift",
    title="Every object is Synced after its sync",
    why="Argo CD would show the Application as OutOfSync permanently and sync it repeatedly.",
    remedy="Set the field to its value in the cluster, in the values or in the chart, or remove "
    "the field.",
)
ORDER = Rule(
    "rehearsal-order",
    title="A component is synced after the components that it requires are Healthy",
    why="A sync that begins too early fails, or succeeds only after a retry.",
    remedy="Set a later sync wave for the component than for the component in the message.",
)
UNOWNED = Rule(
    "rehearsal-unowned-object",
    title="Every object belongs to an Application or to another object",
    why="An orphaned object is not removed together with its component and stays in the cluster.",
    remedy="Render the object with the chart of its component, or disable what creates it.",
)
NOT_AT_REST = Rule(
    "rehearsal-not-at-rest",
    title="Every Application becomes Synced and Healthy",
    why="Later failures of an Application that never becomes Synced and Healthy are not visible.",
    remedy="Fix the cause in the message; the other findings of the rehearsal often explain it.",
)
NOT_RESTORED = Rule(
    "rehearsal-not-restored",
    title="A revert restores every object of the base",
    why="If you revert the merge, the cluster has a different state than before the merge.",
    remedy="Before the merge, plan the manual steps that a revert requires.",
)
PREDICTION = Rule(
    "rehearsal-prediction",
    title="The rehearsal has the outcome that `gitops-gen diff` predicts",
    why="The diff reads only files, and a pull request is often judged by the diff alone. What "
    "happened in the rehearsal also happens in the cluster.",
    remedy="Judge this change by the rehearsal. A rehearsal succeeds despite this warning.",
    severity=Severity.WARNING,
)
RULE_OF: Mapping[RemarkVerdict, Rule] = {
    RemarkVerdict.REFUSED: REFUSED,
    RemarkVerdict.UNHEALTHY: UNHEALTHY,
    RemarkVerdict.WARNED: WARNED,
    RemarkVerdict.NOT_CHECKED: NOT_CHECKED,
}
"""The rule of the findings with each verdict."""


def rehearsal_findings(rehearsal: Rehearsal) -> Iterator[Finding]:
    """Yields the findings in the order of the phases; an error for each failure."""
    default = Position(environment_file(rehearsal.environment))
    for phase in rehearsal.phases:
        yield from _PhaseFindings(phase, default).all()
    for text in rehearsal.restored or ():
        yield Finding(NOT_RESTORED, f"after the revert: {text}", default)


class _PhaseFindings:
    """The findings of one phase. `default` is the position if no line of the values is known."""

    def __init__(self, phase: Phase, default: Position) -> None:
        self.phase, self.default = phase, default
        self.positions = {step.component: step.values for step in phase.steps}

    def all(self) -> Iterator[Finding]:
        phase = self.phase
        yield from (self._awaited(item) for item in phase.awaited)
        yield from (self._remark(remark) for remark in phase.remarks)
        yield from (self._drift(item) for item in phase.drift)
        for violation in phase.order_violations:
            required = f"{violation.component} requires {violation.capability} of"
            text = f"{required} {violation.provider}: {violation.message}"
            yield self._finding(ORDER, text, violation.values)
        for item in phase.orphans:
            text = f"{item} belongs to no Application and to no other object"
            yield self._finding(UNOWNED, text, None, rendered=item.id)
        for one in phase.prediction.disagreements if phase.prediction else ():
            yield self._finding(PREDICTION, str(one), one.values, one.file, one.object)

    def _awaited(self, item: Awaited) -> Finding:
        return self._finding(NOT_AT_REST, str(item), self.positions.get(item.name))

    def _remark(self, remark: Remark) -> Finding:
        join = "to" if remark.verdict is RemarkVerdict.UNHEALTHY else "by"
        text = f"{remark.object}: {remark.verdict} {join} {remark.by}: {remark.message}"
        rule = RULE_OF[remark.verdict]
        return self._finding(rule, text, remark.values, remark.file, remark.object.id)

    def _drift(self, drift: Drift) -> Finding:
        paths = ", ".join(str(field.path) for field in drift.fields)
        text = f"{drift.object} of {drift.component} {drift.reason}"
        text += f": {paths}" if paths else ""
        return self._finding(DRIFT, text, drift.values, drift.file, drift.object.id)

    def _finding(
        self,
        rule: Rule,
        text: str,
        values: Position | None,
        file: str | None = None,
        rendered: ObjectId | None = None,
    ) -> Finding:
        """Returns a finding at the line of the values, or at the rendered file if it is unknown."""
        related = (Related(Position(file), "the rendered object"),) if file and values else ()
        place = values or (Position(file) if file else self.default)
        return Finding(rule, f"{self.phase.name}: {text}", place, rendered, None, related)
