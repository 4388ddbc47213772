"""Commit trailers that accept a danger."""

from __future__ import annotations

from pathlib import Path

from gitops_gen.changes import Comparison
from gitops_gen.changes.classes.cost import COST
from gitops_gen.report.changes import report
from tests.unit.changes.examples import (
    Case,
    compared,
    consequences,
    manifest,
    repository,
    two_commits,
)
from tests.unit.revisions.examples import git

SCHEME = Case(("ingress",), {"scheme: internal": "scheme: internet-facing"})
PUBLIC = "access Ingress shop/shop: the shop opens"


def accepting(folder: Path, *lines: str, case: Case = SCHEME) -> Comparison:
    """The comparison of a change whose commit has these lines in its last paragraph."""
    root = repository(folder, case)
    text = "\n".join(["Change", "", *(f"Accept-Change: {line}" for line in lines)])
    git(root, "commit", "--quiet", "--amend", "--message", text)
    return compared(root)


def problems(comparison: Comparison) -> list[str]:
    return [problem for _, problem in comparison.needless]


def test_an_accepted_danger_has_the_reason_and_the_author(tmp_path: Path) -> None:
    comparison = accepting(tmp_path, PUBLIC)
    [environment] = comparison.environments
    accepted = [one.accepted for _, one in environment.consequences]
    assert accepted[0] is not None
    assert (accepted[0].reason, accepted[0].author) == ("the shop opens", "a <a@example.com>")
    assert accepted[1:] == [None]
    assert comparison.worst() == 6
    assert problems(comparison) == []


def test_each_danger_is_accepted_by_itself(tmp_path: Path) -> None:
    both = accepting(tmp_path, PUBLIC, "new-load-balancer Ingress shop/shop: DNS follows")
    assert both.worst() is None


def test_what_the_api_server_refuses_cannot_be_accepted(tmp_path: Path) -> None:
    case = Case(("claim",), {"20Gi": "10Gi"})
    line = "refused PersistentVolumeClaim shop/uploads: please"
    comparison = accepting(tmp_path, line, case=case)
    assert comparison.worst() == 1
    assert problems(comparison) == ["has no effect: a change of class refused cannot be accepted"]


def test_a_line_that_has_no_effect_is_reported(tmp_path: Path) -> None:
    lines = ["cost Ingress shop/shop: why", "danger Ingress shop/shop: why", "access: all"]
    unknown_class, form, needless = sorted(problems(accepting(tmp_path, *lines)), key=len)[::-1]
    assert unknown_class.startswith("names no class; the classes are refused, data-loss")
    assert form == "is not in the form `Accept-Change: CLASS KIND NAMESPACE/NAME: reason`"
    assert needless == "accepts nothing: no change of this object is in the class"


def test_names_may_contain_colons(tmp_path: Path) -> None:
    case = Case(("role",), {"name: reader": "name: system:reader", "list]": "list, watch]"})
    line = "access ClusterRole system:reader: needed"
    assert accepting(tmp_path, line, case=case).worst() is None


def test_a_token_in_a_reason_is_not_shown(tmp_path: Path) -> None:
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    comparison = accepting(tmp_path, f"access Ingress shop/shop: {token}")
    assert token not in str(comparison.acceptances)


GROWTH = {"storage: 5Gi": "storage: 20Gi"}
PROCEDURE = "refused StatefulSet database/postgres: I follow the procedure after the merge"


def test_a_larger_volume_can_be_accepted_because_there_is_a_procedure(tmp_path: Path) -> None:
    case = Case(("statefulset",), GROWTH)
    comparison = accepting(tmp_path, PROCEDURE, case=case)
    assert (comparison.worst(), problems(comparison)) == (COST.rank, [])
    text = report("text", comparison)
    assert "(accepted: I follow the procedure after the merge)" in text
    command = "kubectl -n database delete statefulset postgres --cascade=orphan"
    assert "Grow the PersistentVolumeClaims data-postgres-0, merge, and delete" in text
    assert command in text


def test_a_larger_volume_cannot_be_accepted_if_its_class_does_not_allow_it(tmp_path: Path) -> None:
    of_class = manifest("statefulset").replace("storageClassName: gp2", "storageClassName: fast")
    base = {"statefulset": of_class, "storageclass": manifest("storageclass")}
    grown = of_class.replace("storage: 5Gi", "storage: 20Gi")
    root = two_commits(tmp_path, base, {**base, "statefulset": grown})
    git(root, "commit", "--quiet", "--amend", "--message", f"A\n\nAccept-Change: {PROCEDURE}")
    comparison = compared(root)
    [environment] = comparison.environments
    assert consequences(environment) == [
        "StatefulSet database/postgres: refused: immutable, and StorageClass fast does not allow "
        "volume expansion"
    ]
    assert problems(comparison) == ["has no effect: a change of class refused cannot be accepted"]


def test_a_line_before_the_last_paragraph_is_reported(tmp_path: Path) -> None:
    """A squashed pull request often has the messages of its commits in the middle."""
    root = repository(tmp_path, SCHEME)
    text = f"Public shop (#12)\n\n* Public\n\nAccept-Change: {PUBLIC}\n\n* Correct a typing error"
    git(root, "commit", "--quiet", "--amend", "--message", text)
    comparison = compared(root)
    [(line, problem)] = comparison.needless
    assert (line.class_id, line.object) == ("access", "Ingress shop/shop")
    assert "only in the last paragraph" in problem
    assert comparison.worst() == 5
