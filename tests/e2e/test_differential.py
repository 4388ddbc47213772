"""apicheck and real API servers give the same verdict and the same fields for mutated objects.

GITOPS_GEN_E2E_SEED is the random seed, and GITOPS_GEN_E2E_MUTANTS the number of mutants of each
kind. Disagreements are printed. tools/apicheck/README.md explains those that may occur.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gitops_gen.gobuild import find
from gitops_gen.rehearse.servers import versions
from gitops_gen.rehearse.servers.tools import Tools, tools
from tests.e2e import corpus
from tests.e2e.differential import updates
from tests.e2e.differential.api_server import Question, verdicts_on_new_objects
from tests.e2e.differential.comparison import Tally
from tests.e2e.differential.mutants import (
    Mutant,
    applied_successors,
    new_objects,
    successors,
)
from tests.e2e.differential.program import SOURCES, Program
from tests.e2e.differential.seeds import CRD
from tests.e2e.repositories import Tell

SEED = int(os.environ.get("GITOPS_GEN_E2E_SEED", "1"))
MUTANTS = int(os.environ.get("GITOPS_GEN_E2E_MUTANTS", "180"))
PAIRS, APPLIED_PAIRS = 40, 5
OLDER = SOURCES.with_name("apiserver-1.35")

pytestmark = pytest.mark.skipif(
    find(SOURCES, "apicheck") is None, reason="apicheck is not built: make apicheck"
)


def _servers() -> dict[str, Tools | None]:
    """The API servers to compare with, by name; None for one that is not built."""
    older = find(OLDER, "kube-apiserver")
    paths = {**tools().paths, "kube-apiserver": str(older)}
    return {"current": tools(), "older": Tools(paths) if older else None}


def _program(found: Tools) -> Program:
    version = versions.kubernetes(found)
    assert version is not None
    program = Program(version.rpartition(".")[0])
    program.ask("crd", manifest=CRD.read_text())
    return program


def _require_equal(tally: Tally, tell: Tell) -> None:
    tell(tally.summary())
    for line in tally.disagreements():
        tell(line)
    judged = tally.total - tally.by_state.total()
    assert tally.same_verdict >= 0.995 * judged
    assert tally.same_fields >= 0.95 * tally.compared_fields
    assert judged >= 0.9 * tally.total


@pytest.mark.parametrize("server", ["current", "older"])
def test_new_objects_get_the_server_s_verdict(server: str, tell: Tell) -> None:
    found = _servers()[server]
    if found is None:
        pytest.skip("the older API server is not built: make older-apiserver")
    mutants = new_objects(SEED, MUTANTS)
    questions = [Question(item.kind, item.namespace, item.text) for item in mutants]
    answers = verdicts_on_new_objects(questions, found)
    program, tally = _program(found), Tally()
    for mutant, answer in zip(mutants, answers, strict=True):
        tally.add(mutant.kind[1], answer, program.ask("create", manifest=mutant.text))
    program.close()
    assert min(Counter(item.kind for item in mutants).values()) >= min(MUTANTS, 100)
    _require_equal(tally, tell)


@pytest.mark.parametrize("server", ["current", "older"])
@pytest.mark.parametrize("by", ["replace", "apply"])
def test_updates_get_the_server_s_verdict(by: str, server: str, tell: Tell) -> None:
    found = _servers()[server]
    if found is None:
        pytest.skip("the older API server is not built: make older-apiserver")
    if by == "apply" and found.find("kubectl") is None:
        pytest.skip("kubectl is not here: it computes what is applied")
    mutants = (
        successors(SEED, PAIRS) if by == "replace" else applied_successors(SEED, APPLIED_PAIRS)
    )
    pairs = [_pair(mutant) for mutant in mutants]
    answers = updates.verdicts_on_updates(pairs, by, found)
    program, tally = _program(found), Tally()
    for mutant, pair, answer in zip(mutants, pairs, answers, strict=True):
        if answer is None:
            continue
        verdict = program.ask("update", old=pair.old_text, manifest=pair.new, by=by)
        told = updates.as_kubectl_reports(verdict) if by == "apply" else verdict
        tally.add(mutant.kind[1], answer, told)
    program.close()
    assert tally.total >= (2000 if by == "replace" else 200)
    _require_equal(tally, tell)


def test_the_corpus_gets_the_verdicts_that_its_files_state(tell: Tell) -> None:
    """No server is started. Only the manifest whose namespace does not exist is not refused."""
    program = Program("1.36")
    for crd in corpus.CRDS:
        program.ask("crd", manifest=crd.read_text())
    refused = {file: _verdict(program, file) for file in corpus.files("invalid")}
    accepted = {file: _verdict(program, file) for file in corpus.files("valid")}
    program.close()
    missed = {file.name for file, verdict in refused.items() if verdict["outcome"] != "refused"}
    assert missed == {"not-there.yaml"}
    assert {verdict["outcome"] for verdict in accepted.values()} == {"accepted"}
    worded = sum(_is_worded(file, verdict) for file, verdict in refused.items())
    tell(f"{len(refused) - 1} of {len(refused)} refused, {worded} in the words of the server")


def _verdict(program: Program, file: Path) -> dict[str, Any]:
    return program.ask("create", manifest=file.read_text())


def _is_worded(file: Path, verdict: dict[str, Any]) -> bool:
    stated = corpus.stated(file)
    return all(cause["message"] in stated for cause in verdict.get("causes", [{"message": "\0"}]))


def _pair(mutant: Mutant) -> updates.Pair:
    return updates.Pair(mutant.kind, mutant.old, mutant.text)


def test_the_comparison_notices_a_wrong_verdict() -> None:
    """The comparison counts a wrong outcome and a wrong field as disagreements."""
    mutants = [item for item in new_objects(SEED, 0) if item.kind == ("v1", "ConfigMap")]
    refused = replace(
        mutants[0], text=mutants[0].text.replace('"metadata": {', '"metadata": 3, "x": {')
    )
    program = _program(tools())
    accepted_verdict = program.ask("create", manifest=mutants[0].text)
    refused_verdict = program.ask("create", manifest=refused.text)
    questions = [Question(item.kind, "shop", item.text) for item in (mutants[0], refused)]
    accepted, refusal = verdicts_on_new_objects(questions, tools())
    tally = Tally()
    tally.add("accepted by the server", accepted, refused_verdict)
    tally.add("refused by the server", refusal, accepted_verdict)
    other = {
        **refused_verdict,
        "causes": [{"field": "spec", "reason": "WrongType", "message": "x"}],
    }
    tally.add("refused for another reason", refusal, other)
    program.close()
    assert (tally.verdicts.total(), tally.fields.total()) == (2, 1)
