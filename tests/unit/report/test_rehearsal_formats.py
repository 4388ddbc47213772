"""The output of each format for a rehearsal."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from gitops_gen.changes.prediction import PredictedConsequence
from gitops_gen.model import FieldPath, ObjectId, Position
from gitops_gen.rehearse.result import (
    Awaited,
    ChangeKind,
    Disagreement,
    Drift,
    DriftField,
    LeftOut,
    Mode,
    ObjectChange,
    ObjectReference,
    OrderViolation,
    Phase,
    PredictionCheck,
    Rehearsal,
    Remark,
    RemarkVerdict,
    SyncStep,
)
from gitops_gen.report import formats
from gitops_gen.report.rehearsal import report

FULL = formats("rehearsal")
"""The formats that show a whole rehearsal; all others show only its findings."""

BACKEND = ObjectReference(ObjectId("apps", "Deployment", "app", "backend"), "apps/v1")
LEFT_BEHIND = ObjectReference(ObjectId("", "ConfigMap", "app", "left"), "v1")
LINE = Position("values/dev.yaml", 7, 3)
FILE = "rendered/dev/manifests/backend/app/deployment-backend.yaml"
DRIFT_FIELD = DriftField(FieldPath(("spec", "a")), "1", None)
STEP = SyncStep("backend", 20, 8.2, 9.5, 18.7, "Synced, Healthy", "", LINE)
STUCK = SyncStep("frontend", 30, 20.0, None, None, "OutOfSync, Missing, Running", "waits", None)
PHASE = Phase(
    "push",
    "the work tree",
    21.0,
    False,
    steps=(STEP, STUCK),
    changes=(ObjectChange(4.2, ChangeKind.CHANGED, BACKEND, (FieldPath(("spec", "replicas")),)),),
    remarks=(
        Remark(RemarkVerdict.REFUSED, "kube-apiserver", BACKEND, "no <such> field", FILE, LINE),
    ),
    drift=(Drift("backend", BACKEND, "differs from Git", (DRIFT_FIELD,)),),
    order_violations=(
        OrderViolation("backend", "database:postgres", "postgres", "began too early", LINE),
    ),
    orphans=(LEFT_BEHIND,),
    awaited=(Awaited("frontend", "is Unknown"), Awaited("worker", "is being deleted")),
)
LEFT_OUT = (LeftOut("cert-manager", "a chart"),)
BAD = Rehearsal("dev", "the work tree", Mode.FULL, (PHASE,), 43, LEFT_OUT, ("gp2",), ("a note",))
GOOD = Rehearsal("dev", "v1", Mode.DRY_RUN, (Phase("dry run", "v1", 2.5, True),), 43)


@pytest.mark.parametrize("form", FULL)
def test_everything_is_told(form: str) -> None:
    text = report(form, BAD)
    for word in ("backend", "frontend", "spec.replicas", "values/dev.yaml", FILE, "cert-manager"):
        assert word in text
    for word in ("spec.a", "began too early", "left", "gp2", "a note", "waits"):
        assert word in text


def test_text_leads_with_the_place() -> None:
    text = report("text", BAD)
    said = "refused by kube-apiserver: Deployment app/backend: no <such> field [rehearsal-refused]"
    assert f"values/dev.yaml:7:3: {said}\n  in {FILE}\n" in text
    assert text.splitlines()[-1].startswith(
        "dev: 1 refused, 1 drifting, 1 out of order, 1 orphaned, not all Synced and Healthy ("
    )


PREDICTION = PredictionCheck(
    (PredictedConsequence(BACKEND.id, "restart", "restarts 2 Pods"),),
    right=1,
    unknown=2,
    disagreements=(
        Disagreement(LEFT_BEHIND.id, "was deleted, which was not predicted", FILE, LINE),
    ),
)
PREDICTED = replace(BAD, phases=(Phase("push", "v1", 1.0, True, prediction=PREDICTION),))


@pytest.mark.parametrize("form", [*formats()])
def test_a_difference_from_the_prediction_is_told_at_its_line(form: str) -> None:
    text = report(form, PREDICTED)
    assert "was deleted, which was not predicted" in text
    assert "values/dev.yaml" in text


@pytest.mark.parametrize("form", ["text", "html"])
def test_the_predictions_are_counted_and_listed(form: str) -> None:
    text = report(form, PREDICTED)
    counts = "1 prediction of refusals, deletions and restarts came true, 1 differ, 2 not observed"
    assert counts in text
    assert "restarts 2 Pods" in text


def test_json_has_the_predictions_and_what_became_of_them() -> None:
    [phase] = json.loads(report("json", PREDICTED))["phases"]
    backend = {"kind": "Deployment", "namespace": "app", "name": "backend"}
    assert phase["prediction"]["consequences"] == [
        {"object": backend, "class_id": "restart", "message": "restarts 2 Pods"}
    ]
    [disagreement] = phase["prediction"]["disagreements"]
    assert disagreement["object"]["name"] == "left"


def test_a_rehearsal_succeeds_although_a_prediction_was_wrong() -> None:
    assert PREDICTED.good


@pytest.mark.parametrize("form", FULL)
def test_every_time_of_the_timeline_is_told(form: str) -> None:
    for time in ("8.2", "9.5", "18.7"):
        assert time in report(form, BAD)


@pytest.mark.parametrize("form", [*formats()])
def test_a_dependency_that_was_not_held_has_its_line(form: str) -> None:
    text = report(
        form,
        replace(
            BAD, phases=(Phase("sync", "v1", 1.0, True, order_violations=PHASE.order_violations),)
        ),
    )
    if form == "github":
        assert "file=values/dev.yaml,line=7,col=3,title=rehearsal-order::" in text
    elif form == "json":
        found = json.loads(text)["findings"][0]
        assert (found["file"], found["line"], found["column"]) == ("values/dev.yaml", 7, 3)
    elif form == "sarif":
        [result, *_] = json.loads(text)["runs"][0]["results"]
        region = result["locations"][0]["physicalLocation"]["region"]
        assert region == {"startLine": 7, "startColumn": 3}
    else:
        assert "values/dev.yaml:7:3" in text


@pytest.mark.parametrize("form", ["text", "html"])
def test_what_was_awaited_and_has_no_row_in_the_timeline_is_told(form: str) -> None:
    text = report(form, BAD)
    assert "worker is being deleted" in text
    assert "frontend is Unknown" not in text, "its row says it"


@pytest.mark.parametrize("form", ["text", "html"])
def test_a_push_that_changes_nothing_says_so(form: str) -> None:
    quiet = Phase("push", "v1", 1.0, True, steps=(STEP,))
    assert "othing was created" in report(form, replace(GOOD, phases=(quiet,)))
    assert "othing was created" not in report(form, BAD)


def test_a_long_message_does_not_break_the_timeline() -> None:
    stuck = replace(STUCK, message=f"first {'x' * 500}\nsecond")
    text = report("text", replace(BAD, phases=(replace(PHASE, steps=(stuck,)),)))
    [row] = [line for line in text.splitlines() if "first" in line]
    assert row.endswith("x…")
    assert "second" not in text


def test_what_was_not_checked_does_not_count_as_accepted() -> None:
    unseen = Remark(RemarkVerdict.NOT_CHECKED, "kube-apiserver", BACKEND, "no namespace")
    live = replace(GOOD, phases=(Phase("dry run", "v1", 2.5, True, remarks=(unseen,)),))
    assert report("text", live).splitlines()[-1] == (
        "dev: 42 objects accepted, 1 not checked (0.0 s)"
    )


@pytest.mark.parametrize("form", ["text", "html"])
def test_a_warning_of_one_wording_is_told_once(form: str) -> None:
    names = ("backend", "frontend", "worker")
    said = [
        Remark(RemarkVerdict.WARNED, "kube-apiserver", ObjectReference(identity, "apps/v1"), "x y")
        for identity in (ObjectId("apps", "Deployment", "app", name) for name in names)
    ]
    text = report(form, replace(BAD, phases=(replace(PHASE, remarks=tuple(said)),)))
    assert text.count("x y") == 1
    assert "3 warned" in text


def test_text_of_a_good_one_ends_with_one_line() -> None:
    assert report("text", GOOD).splitlines()[-1] == "dev: 43 objects accepted (0.0 s)"
    with_argocd = replace(GOOD, argocd_objects=7)
    summary = report("text", with_argocd).splitlines()[-1]
    assert summary == "dev: 43 objects accepted (7 of them from argocd/) (0.0 s)"


@pytest.mark.parametrize("form", FULL)
def test_who_said_it_is_told(form: str) -> None:
    text = report(form, replace(GOOD, versions=(("kube-apiserver", "1.36.1"),)))
    assert "kube-apiserver" in text
    assert "1.36.1" in text


def test_json_says_whether_it_is_good() -> None:
    assert json.loads(report("json", GOOD))["good"] is True
    assert json.loads(report("json", BAD))["phases"][0]["steps"][0]["healthy"] == 18.7


HOSTILE = """</pre></title><script>alert("x")</script><img src=x onerror='y'>&lt;\u202e\x00"""


class _Elements(HTMLParser):
    """The elements, attributes and texts that a browser would find."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def _hostile(hostile: str = HOSTILE) -> Rehearsal:
    """Returns `BAD` with hostile content in every text."""
    named = ObjectReference(ObjectId("", hostile, hostile, hostile), "v1")
    position = Position(hostile, 1, 1)
    fields = (DriftField(FieldPath((hostile,)), hostile, None),)
    phase = replace(
        PHASE,
        name=hostile,
        revision=hostile,
        steps=(replace(STUCK, component=hostile, state=hostile, message=hostile),),
        changes=(ObjectChange(4.2, ChangeKind.CHANGED, named, (FieldPath((hostile,)),)),),
        remarks=(Remark(RemarkVerdict.REFUSED, hostile, named, hostile, hostile, position),),
        drift=(Drift(hostile, named, hostile, fields, hostile, position),),
        order_violations=(OrderViolation(hostile, hostile, hostile, hostile, position),),
        orphans=(named,),
        awaited=(Awaited(hostile, hostile),),
    )
    texts = {"standins": (hostile,), "notes": (hostile,), "restored": (hostile,)}
    left_out, versions = (LeftOut(hostile, hostile),), ((hostile, hostile),)
    return Rehearsal(hostile, hostile, Mode.FULL, (phase,), 1, left_out, versions=versions, **texts)


@pytest.mark.parametrize("form", formats())
def test_no_rehearsal_gives_orders_to_a_terminal_or_a_ci(form: str) -> None:
    text = report(form, _hostile("a\x1b]0;title\a\r\n::error::b\u202e"))
    assert text.replace("\n", "").isprintable()
    commands = [line for line in text.splitlines() if line.startswith("::")]
    assert bool(commands) == (form == "github")
    assert not [line for line in commands if line.startswith("::error::")]


def test_a_format_of_findings_alone_reports_what_speaks_against_the_revision() -> None:
    lines = report("github", BAD).splitlines()
    assert [line.partition("title=")[2].partition("::")[0] for line in lines] == [
        *("rehearsal-not-at-rest", "rehearsal-not-at-rest", "rehearsal-refused"),
        *("rehearsal-drift", "rehearsal-order", "rehearsal-unowned-object"),
    ]
    refused = "push: Deployment app/backend: refused by kube-apiserver: no <such> field"
    assert f"::error file=values/dev.yaml,line=7,col=3,title=rehearsal-refused::{refused}" in lines
    assert report("github", GOOD) == ""


def test_json_has_the_findings_that_every_command_prints() -> None:
    whole = json.loads(report("json", BAD))
    assert whole["environments"] == ["dev"]
    assert whole["excused"] == []
    [refused] = [one for one in whole["findings"] if one["rule"] == "rehearsal-refused"]
    assert refused["related"][0]["file"] == FILE
    assert whole["phases"][0]["order_violations"][0]["capability"] == "database:postgres"


def test_html_shows_what_others_said_as_text() -> None:
    page = report("html", _hostile())
    seen = _Elements(page)
    assert {"script", "img"}.isdisjoint(seen.tags)
    assert seen.attributes == {"charset", "class", "lang", "style"}
    assert seen.text.count("</script><img src=x onerror='y'>&lt;\\u202e\\x00") >= 30
    assert {"\u202e", "\x00"}.isdisjoint(page)


def test_html_is_closed_as_it_is_opened() -> None:
    page = report("html", BAD)
    for tag in ("html", "head", "body", "table", "tr", "td", "ul", "li", "pre"):
        assert page.count(f"</{tag}>") == _Elements(page).tags.count(tag) > 0
