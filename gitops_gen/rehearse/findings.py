"""What speaks against a rehearsed revision, as findings like those of every other command.

No rule of this module can be excused: an excuse that excuses nothing is an error, and only a
rehearsal could tell whether it does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gitops_gen.inputs.files import environment_file
from gitops_gen.model import Finding, ObjectId, Position, Related, Rule, Severity
from gitops_gen.rehearse.result import Awaited, Drift, Phase, Rehearsal, Remark, Verdict

REFUSED = Rule(
    "rehearsal-refused",
    title="The API server and Argo CD accept every object",
    why="What they refuse in a rehearsal they also refuse in the cluster, and Argo CD then applies "
    "nothing of the sync.",
    remedy="Correct the values at the line that the finding names, as the server's message says.",
)
UNHEALTHY = Rule(
    "rehearsal-unhealthy",
    title="Every object becomes Healthy",
    why="The waves of a sync stop at an object that does not become Healthy, and all later waves "
    "wait for it.",
    remedy="Correct what the message and the Events of the cluster in it name.",
)
WARNED = Rule(
    "rehearsal-warning",
    title="The API server and Argo CD warn of nothing",
    why="A deprecated or ineffective field works today and may be refused by a later version.",
    remedy="Change the values as the warning says; a rehearsal succeeds in any case.",
    severity=Severity.WARNING,
)
NOT_CHECKED = Rule(
    "rehearsal-not-checked",
    title="The cluster can judge every object",
    why="A dry run against a cluster judges no object whose namespace or kind the cluster lacks, "
    "or which the user of the kubeconfig may not change.",
    remedy="Rehearse without --kubeconfig, which judges these objects too.",
    severity=Severity.WARNING,
)
DRIFT = Rule(
    "rehearsal-drift",
    title="Every object is Synced after its sync",
    why="Argo CD would show the Application as OutOfSync for ever and sync it again and again.",
    remedy="Write the value that the cluster has into the values or the chart, or leave the field "
    "out of both.",
)
ORDER = Rule(
    "rehearsal-order",
    title="A component is synced after the components that it requires are Healthy",
    why="A sync that begins too early fails, or waits for its next attempt.",
    remedy="Give the component a later wave than the component that the message names.",
)
UNOWNED = Rule(
    "rehearsal-unowned-object",
    title="Every object belongs to an Application or to another object",
    why="Nothing removes an object without an owner: it stays in the cluster after its component.",
    remedy="Render the object with the chart of its component, or switch off what creates it.",
)
NOT_AT_REST = Rule(
    "rehearsal-not-at-rest",
    title="Every Application becomes Synced and Healthy",
    why="An Application that never comes to rest hides every later failure.",
    remedy="Correct what the message names; the other findings of the rehearsal often say why.",
)
NOT_RESTORED = Rule(
    "rehearsal-not-restored",
    title="A revert restores every object of the base",
    why="After a failed merge the revert would leave the cluster in another state than before.",
    remedy="Plan the steps by hand that the message makes necessary, before the merge.",
)
_RULES: Mapping[Verdict, Rule] = {
    Verdict.REFUSED: REFUSED,
    Verdict.UNHEALTHY: UNHEALTHY,
    Verdict.WARNED: WARNED,
    Verdict.NOT_CHECKED: NOT_CHECKED,
}


def rehearsal_findings(rehearsal: Rehearsal) -> Iterator[Finding]:
    """In the order of the phases. There is an error unless the rehearsal is good."""
    default = Position(environment_file(rehearsal.environment))
    for phase in rehearsal.phases:
        yield from _PhaseFindings(phase, default).all()
    for text in rehearsal.restored or ():
        yield Finding(NOT_RESTORED, f"after the revert: {text}", default)


class _PhaseFindings:
    """The findings of one phase; `default` is the place of what no line of values is known for."""

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
            yield self._finding(UNOWNED, f"{item} is owned by nothing", None, rendered=item.id)

    def _awaited(self, item: Awaited) -> Finding:
        return self._finding(NOT_AT_REST, str(item), self.positions.get(item.name))

    def _remark(self, remark: Remark) -> Finding:
        join = "to" if remark.verdict is Verdict.UNHEALTHY else "by"
        text = f"{remark.object}: {remark.verdict} {join} {remark.by}: {remark.message}"
        rule = _RULES[remark.verdict]
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
        """At the line of the values, else at the rendered file."""
        related = (Related(Position(file), "the rendered object"),) if file and values else ()
        place = values or (Position(file) if file else self.default)
        return Finding(rule, f"{self.phase.name}: {text}", place, rendered, None, related)
