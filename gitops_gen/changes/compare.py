"""Compares the environments of a work tree with those of its base."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from gitops_gen.changes.acceptance import acceptances, accepted, needless
from gitops_gen.changes.api_rules import ApiRules
from gitops_gen.changes.classes import change_classes, classified
from gitops_gen.changes.context import EnvironmentContext
from gitops_gen.changes.differences import object_differences
from gitops_gen.changes.environments import (
    NEW,
    REMOVED,
    RENAMED,
    EnvironmentPair,
    environment_pairs,
)
from gitops_gen.changes.result import (
    TRAILER,
    ClassifiedChange,
    Comparison,
    EnvironmentComparison,
    NotCompared,
    ObjectDifference,
)
from gitops_gen.changes.sources import RenderedHead, Sources
from gitops_gen.changes.trees import BOOTSTRAP, Side, TreePair, read_pair
from gitops_gen.errors import InvalidInput
from gitops_gen.model import ObjectId
from gitops_gen.revisions import Revision, opened
from gitops_gen.revisions.merge_base import comparison_base, opened_base, trailers

_DEFAULT_VERSION = "1.35"
NOTHING_KNOWN = RenderedHead()
_NOT_GIVEN = "was not given"
"""How apicheck states that it cannot validate a kind."""
_NO_RANK = 100
_NOT_SYNCED = (
    "bootstrap.yaml differs: Argo CD does not apply this file; apply it with Terraform or kubectl, "
    "as at the first time"
)


@dataclass(frozen=True, slots=True)
class DiffRequest:
    """Which revisions to compare. Without names, all environments are compared."""

    root: str
    names: tuple[str, ...] = ()
    base: str | None = None
    """A revision, or None for the default branch."""
    head: str | None = None
    """A commit, or None for the work tree."""


def compare(
    request: DiffRequest,
    note: Callable[[str], None],
    progress: Callable[[str], None],
    rendered: RenderedHead = NOTHING_KNOWN,
) -> Comparison:
    """The changes of the head since its base. What is `rendered` is not rendered again.

    Raises InvalidInput if there is no base, or if the values of an environment of the head are not
    valid; ToolFailed if a program fails.
    """
    base = comparison_base(request.root, request.base, request.head)
    with ExitStack() as stack:
        commit = stack.enter_context(opened_base(request.root, base))
        head = stack.enter_context(opened(request.root, request.head))
        rules = ApiRules.of_this_machine(stack)
        sources = Sources(commit, head, note, progress, rendered)
        pairs = environment_pairs(commit, sources.head, request.names)
        sources.prepare(pairs)
        found = [_environment(pair, sources, rules) for pair in pairs]
        notes = (*base.notes, *(rules.notes if any(map(_depends_on_rules, found)) else ()))
    valid, invalid = acceptances(trailers(request.root, base, TRAILER), change_classes())
    environments = tuple(accepted(one, valid) for one in found)
    return Comparison(
        base.label,
        sources.head.label,
        environments,
        notes,
        rules.failure,
        valid,
        (*invalid, *needless(valid, environments, change_classes())),
    )


def _depends_on_rules(environment: EnvironmentComparison) -> bool:
    """Whether what is not known about the rules of a Kubernetes version may matter.

    That is so for fields and objects that are new, and for what is refused.
    """
    differences = (change.difference for change in environment.changes)
    return any(
        one.faults or one.added is not None or any(field.before is None for field in one.fields)
        for one in differences
    )


def _environment(pair: EnvironmentPair, sources: Sources, rules: ApiRules) -> EnvironmentComparison:
    result = EnvironmentComparison(
        pair.name,
        base_name=pair.base_name,
        state=pair.state,
        notes=pair.notes,
        by_hand=tuple(_by_hand(pair)),
    )
    if sources.is_unchanged(pair):
        return result
    try:
        base, base_notes = sources.base_side(pair)
        head, head_notes = sources.head_side(pair)
        tree = read_pair(base, head)
    except InvalidInput as error:
        place = error.findings[0]
        subject = str(place.position.file)
        return replace(result, not_compared=(NotCompared(subject, place.message),))
    result = replace(result, notes=(*pair.notes, *base_notes, *head_notes))
    if not tree.changed:
        return result
    return _compared(result, tree, sources.kubernetes(result.name, head.files), rules)


def _by_hand(pair: EnvironmentPair) -> Iterator[str]:
    """Yields what Argo CD does not do for an environment that only one revision has."""
    if pair.state in (NEW, RENAMED):
        yield _apply_bootstrap(pair.name)
    if pair.state == REMOVED:
        yield (
            f"Delete the root Application of environment {pair.name} from the cluster, or destroy "
            "the cluster: docs/runbook.md#destroying-an-environment"
        )


def _apply_bootstrap(name: str) -> str:
    return (
        "Apply the bootstrap file, which Argo CD does not read: "
        f"`kubectl apply -f argocd/{name}/bootstrap.yaml`"
    )


def compared_files(
    name: str, base: Revision, head: Revision, kubernetes: str, rules: ApiRules
) -> EnvironmentComparison:
    """The changes of the generated files of an environment, without its values.

    `kubernetes` is the version of the cluster; it is empty if it is not known. Raises InvalidInput
    if a file of the Applications cannot be read.
    """
    tree = read_pair(Side(base, name), Side(head, name))
    return _compared(EnvironmentComparison(name), tree, kubernetes, rules)


def _compared(
    result: EnvironmentComparison, tree: TreePair, kubernetes: str, rules: ApiRules
) -> EnvironmentComparison:
    session = rules.session(kubernetes or _DEFAULT_VERSION, tree.definitions)
    differences = object_differences(tree, session)
    is_removed = result.state == REMOVED
    context = EnvironmentContext(tree.base, tree.head, differences, is_removed)
    if BOOTSTRAP in tree.changed and not result.state:
        step = _apply_bootstrap(result.name)
        result = replace(result, notes=(*result.notes, _NOT_SYNCED), by_hand=(step,))
    changes = sorted((classified(one, context) for one in differences), key=_order)
    return replace(
        result,
        changes=tuple(changes),
        is_judged=session is not None,
        objects=0 if is_removed else len(tree.head),
        not_compared=tree.unreadable,
        not_checked=tuple(_not_checked(differences)) if session and not is_removed else (),
    )


def _order(change: ClassifiedChange) -> tuple[int, ObjectId]:
    """The most dangerous changes come first."""
    ranks = (one.change_class.rank for one in change.consequences)
    return min(ranks, default=_NO_RANK), change.difference.id


def _not_checked(differences: Sequence[ObjectDifference]) -> Iterator[NotCompared]:
    """Yields each reason why objects were not judged, once per kind."""
    reasons = dict.fromkeys(
        (one.id.kind, one.not_checked) for one in differences if one.not_checked
    )
    for kind, reason in reasons:
        yield NotCompared(kind, reason.replace(_NOT_GIVEN, "is not among the rendered objects"))
