"""The comment about a pull request: it fits, is balanced, and nothing in it can be abused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gitops_gen import yaml
from gitops_gen.changes import Comparison
from gitops_gen.changes.acceptance import accepted
from gitops_gen.changes.classes import change_classes, classified
from gitops_gen.changes.context import EnvironmentContext
from gitops_gen.changes.differences import object_differences
from gitops_gen.changes.result import (
    Acceptance,
    ClassifiedChange,
    EnvironmentComparison,
    NotCompared,
)
from gitops_gen.changes.trees import Side, read_pair
from gitops_gen.changes.verdict import Decision, Verdict
from gitops_gen.checks import CheckResult
from gitops_gen.model import Checked, Finding, ObjectCounts, Position, Rule, Severity
from gitops_gen.render.write.stale_files import STALE
from gitops_gen.report.changes import verdict_report
from gitops_gen.report.markdown import LIMIT, MARKER, length
from gitops_gen.revisions.in_memory import InMemory
from tests.markdown_reader import code_of, links, problems
from tests.unit.changes.examples import Case, compared, repository
from tests.unit.report.test_markdown import TEXTS

Manifest = dict[str, Any]
FOLDER = Path(__file__).with_name("reports")
RULE = Rule("image", "Images are new", "They run.", "Update.")
NO_FINDINGS = CheckResult(Checked(("prod",), ()))
SECRET = "correct-horse-battery"


def comment(verdict: Verdict) -> str:
    """The comment, after the checks that hold for every comment."""
    text = verdict_report("markdown", verdict)
    assert length(text) <= LIMIT
    assert problems(text) == []
    assert text.splitlines()[0] == MARKER
    assert SECRET not in text
    assert verdict_report("markdown", verdict) == text
    return text


# Examples


@pytest.mark.parametrize("case", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_examples(case: Path, tmp_path: Path) -> None:
    comparison = compared(repository(tmp_path, Case.read(case)))
    text = comment(Verdict(comparison, NO_FINDINGS))
    without_commits = re.sub(r"\b[0-9a-f]{7}\b", "1234567", text)
    assert without_commits == case.with_suffix(".md").read_text()


# Any tree, any change


def environment(
    name: str, base: Sequence[Manifest], head: Sequence[Manifest], component: str = "shop"
) -> EnvironmentComparison:
    """The comparison of two trees of an environment, without the rules of the API server."""
    tree = read_pair(_side(name, base, component), _side(name, head, component))
    differences = object_differences(tree, None)
    context = EnvironmentContext(tree.base, tree.head, differences)
    changes = tuple(classified(one, context) for one in differences)
    return EnvironmentComparison(name, changes, objects=len(tree.head))


def _side(name: str, manifests: Sequence[Manifest], component: str) -> Side:
    folder = f"rendered/{name}/manifests/{component}"
    files = {
        f"{folder}/{n}.yaml": yaml.dump_manifest(one).encode() for n, one in enumerate(manifests)
    }
    return Side(InMemory("a tree", files), name)


def verdict(*environments: EnvironmentComparison, **other: Any) -> Verdict:
    return Verdict(
        Comparison("1234567 (main)", "the work tree", environments, **other), NO_FINDINGS
    )


def object_of(kind: str, name: str, **content: Any) -> Manifest:
    metadata = {"name": name, "namespace": "shop"}
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata, **content}


def workload(kind: str, name: str, image: str, text: str) -> Manifest:
    container = {
        "name": "main",
        "image": image,
        "args": [text],
        "env": [{"name": "A", "value": text}],
    }
    template = {"metadata": {"annotations": {"note": text}}, "spec": {"containers": [container]}}
    spec = {"replicas": 2, "template": template}
    return {**object_of(kind, name, spec=spec), "apiVersion": "apps/v1"}


VALUES = st.one_of(TEXTS, st.dictionaries(TEXTS, TEXTS, max_size=2), st.lists(TEXTS, max_size=2))
OBJECTS = st.one_of(
    st.builds(
        object_of, st.just("ConfigMap"), TEXTS, data=st.dictionaries(TEXTS, TEXTS, max_size=3)
    ),
    st.builds(object_of, TEXTS.filter(str.strip), TEXTS, spec=VALUES),
    st.builds(workload, st.sampled_from(["Deployment", "StatefulSet", "Job"]), TEXTS, TEXTS, TEXTS),
    st.builds(object_of, st.just("Secret"), TEXTS, data=st.just({"a": SECRET})),
)
TREES = st.lists(OBJECTS, max_size=4)
FINDINGS = st.lists(
    st.builds(Finding, st.just(RULE), TEXTS, st.just(Position("a.yaml"))), max_size=2
)


@settings(deadline=None)
@given(st.lists(st.tuples(TREES, TREES), min_size=1, max_size=3), st.sampled_from(["shop", "@a`b"]))
def test_any_change(trees: list[tuple[list[Manifest], list[Manifest]]], component: str) -> None:
    found = [environment(f"env{n}", *pair, component) for n, pair in enumerate(trees)]
    assert links(comment(verdict(*found))) == []


@settings(deadline=None)
@given(TEXTS, TEXTS, TEXTS, FINDINGS)
def test_everything_around_the_changes(
    name: str, text: str, author: str, findings: list[Finding]
) -> None:
    objects = (
        [object_of("Service", "web", spec={"a": text})],
        [object_of("Service", "web", spec={})],
    )
    acceptance = Acceptance("traffic", text, text, "1234567", author)
    found = environment("prod", *objects)
    one = EnvironmentComparison(
        name,
        accepted(found, [acceptance]).changes,
        notes=(text,),
        by_hand=(text,),
        not_compared=(NotCompared(text, text),),
        not_checked=(NotCompared(text, text),),
    )
    comparison = Comparison(
        text, text, (one,), (text,), text, (acceptance,), ((acceptance, text), (acceptance, text))
    )
    counts = ObjectCounts(name, 1, 2, notes=(text,))
    checked = Checked((name,), tuple(findings), objects=(counts,))
    stale = (Finding(STALE, "is stale", Position(text)),)
    assert links(comment(Verdict(comparison, CheckResult(checked, failure=text), stale))) == []


# Large changes


def test_500_changed_objects() -> None:
    trees = [
        [
            workload("Deployment", f"worker-{n}", f"ghcr.io/acme/{n}:{v}", "x" * 60)
            for n in range(500)
        ]
        for v in ("1.0.0", "2.0.0")
    ]
    text = comment(verdict(environment("prod", *trees)))
    assert "500 changed" in text
    headings = len(re.findall(r"^@@ Deployment", text, re.MULTILINE))
    left_out = re.search(r"(\d+) changed objects in 1 environment", text)
    assert headings + (int(left_out[1]) if left_out else 0) == 500
    assert "`gitops-gen diff --base 1234567` shows everything" in text
    assert "and **497 more**: restarts 2 Pods" in text


def test_500_different_dangers() -> None:
    trees = [
        [workload("Deployment", f"w-{n}", f"ghcr.io/acme/{n}:{v}", "x") for n in range(500)]
        for v in ("1.0.0", "2.0.0")
    ]
    text = comment(verdict(environment("prod", *trees)))
    dangers = text.split("### Dangers")[1].split("###")[0]
    [more] = re.findall(r"… and (\d+) more", dangers)
    assert dangers.count("new major version 2") + int(more) == 500


def test_a_change_of_100_environments_is_shown_once() -> None:
    names = [f"shop-{n:03}" for n in range(100)]
    old, new = (
        workload("Deployment", "web", "a:1.0.0", "x"),
        workload("Deployment", "web", "a:2.0.0", "x"),
    )
    other = object_of("ConfigMap", "settings", data={"a": "b"})
    found = [environment(name, [old], [new]) for name in names[:-1]]
    text = comment(verdict(*found, environment(names[-1], [old], [new, other])))
    assert text.count("@@ Deployment shop/web @@") == 1
    assert "all 100 environments" in text
    assert ", ".join(names) in code_of(text)
    assert "<b><code>shop-099</code></b>: 1 added" in text


def test_the_number_of_changed_environments_is_stated_once() -> None:
    pods = [workload("Deployment", "web", f"a:{v}", "x") for v in ("1.0.0", "1.0.1")]
    changed = [environment(f"shop-{n}", [pods[0]], [pods[1]]) for n in range(6)]
    text = comment(verdict(*changed, environment("test", [pods[0]], [pods[0]])))
    assert (
        "> Changes in 6 environments (`shop-0`, `shop-1`, `shop-2` and 3 more), of 7 in all."
        in text
    )


def test_a_definition_of_5_megabytes_is_summarized() -> None:
    text = comment(verdict(environment("prod", [_definition(1)], [_definition(2)])))
    assert "+ v1: 40 fields added: spec.added0, " in text
    assert "- v1: 3 fields removed: spec.field7, spec.field307, spec.field607" in text
    assert "described" not in text
    assert length(text) < 5_000


def _definition(version: int) -> Manifest:
    fields = {
        f"field{n}": {"type": "string", "description": "described " * 300} for n in range(900)
    }
    if version == 2:
        fields |= {f"added{n}": {"type": "object"} for n in range(40)}
        fields = {
            name: one
            for name, one in fields.items()
            if not re.fullmatch(r"field[036]?07|field7", name)
        }
    schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": fields}}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "shops.example.org"},
        "spec": {
            "group": "example.org",
            "names": {"kind": "Shop", "plural": "shops"},
            "versions": [
                {
                    "name": "v1",
                    "served": True,
                    "storage": True,
                    "schema": {"openAPIV3Schema": schema},
                }
            ],
        },
    }


def test_texts_without_an_end() -> None:
    """Each of these is longer than a comment on its own."""
    long = "`@x` " * 20_000
    objects = [[object_of("ConfigMap", long, data={long: f"{v}{long}"})] for v in "ab"]
    one = environment("prod", *objects)
    finding = Finding(RULE, long, Position(long))
    stale = Finding(STALE, long, Position(long))
    other = verdict(one, notes=(long,) * 50, unchecked_because=long)
    check = CheckResult(Checked((long,), (finding,)), failure=long)
    assert MARKER in comment(Verdict(other.comparison, check, (stale,) * 3000))


def test_every_list_is_full() -> None:
    """Many long items in each part: no class of changes is left out."""
    long = "`@x` " * 60
    one = environment("prod", [object_of("ConfigMap", "a", data={"a": "b"})], [])
    difference = one.changes[0].difference
    effects = tuple(
        c.consequence(
            f"{n} {long}", remedy=f"{n} {long}" if n % 2 else "", afterwards=f"{n} {long}"
        )
        for c in change_classes()
        for n in range(40)
    )
    notes = tuple(f"{n} {long}" for n in range(40))
    missing = tuple(NotCompared(note, note) for note in notes)
    full = replace(
        one,
        changes=tuple(ClassifiedChange(difference, effects[n : n + 3]) for n in range(500)),
        notes=notes,
        by_hand=notes,
        not_compared=missing,
        not_checked=missing,
    )
    rules = [replace(RULE, id=f"rule-{n}") for n in range(80)]
    errors = tuple(Finding(rule, f"{rule.id} {long}", Position(long)) for rule in rules)
    warnings = tuple(replace(one, changed_severity=Severity.WARNING) for one in errors)
    counts = tuple(ObjectCounts(note, notes=notes) for note in notes)
    checked = Checked(notes, (*errors, *warnings), objects=counts)
    acceptances = tuple(Acceptance("cost", note, note, "1234567", note) for note in notes)
    comparison = Comparison("1234567", long, (full,), notes, long, acceptances)
    stale = tuple(Finding(rule, long, Position(long)) for rule in (STALE, *rules))
    text = comment(Verdict(comparison, CheckResult(checked, failure=long), stale))
    for one_class in change_classes():
        assert one_class.id in ("restart", "cost", "routine") or f"- **{one_class.id}**: " in text
    assert "**Cut, because a comment has a limited length:** " in text


# The decision


def test_decisions() -> None:
    pods = [workload("Deployment", "web", f"a:{v}", "x") for v in ("1.0.0", "1.0.1", "2.0.0")]
    harmless = environment("prod", [pods[0]], [pods[1]])
    dangerous = environment("prod", [pods[0]], [pods[2]])
    same = environment("prod", [pods[0]], [pods[0]])
    error = CheckResult(Checked(("prod",), (Finding(RULE, "a", Position("a")),)))
    stale = Finding(STALE, "is stale", Position("rendered/prod/a.yaml"))
    decisions = [
        verdict(harmless).decision,
        verdict(dangerous).decision,
        verdict(same).decision,
        verdict(same, unchecked_because="apicheck is missing").decision,
        Verdict(verdict(same).comparison, error).decision,
        Verdict(verdict(same).comparison, NO_FINDINGS, (stale,)).decision,
    ]
    assert decisions == [
        Decision.HARMLESS,
        Decision.DANGEROUS,
        Decision.UNCHANGED,
        Decision.INCOMPLETE,
        Decision.REFUSED,
        Decision.REFUSED,
    ]
