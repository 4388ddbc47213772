"""apicheck is missing, or does not do what it should: exit 3, or objects that are not checked."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gitops_gen.apicheck import Patience
from gitops_gen.apicheck.program import SOURCES
from gitops_gen.checks import CheckRequest
from gitops_gen.checks.api.stage import ApiStage
from gitops_gen.checks.environments import EnvironmentsCheck
from gitops_gen.gobuild import digest
from gitops_gen.render import Listener
from tests.repository import ROOT, Repository
from tests.waiting import until

PROGRAMS = ROOT / "tests/unit/apicheck/programs"
UNCHECKED = "with --allow-unchecked, the objects are only reported as not checked"
INSTALL = "`gitops-gen doctor --install apicheck` builds it"

Program = Callable[[str], str]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Writes a program of the folder `programs`, and returns its path."""

    def written(name: str) -> str:
        path = tmp_path / name
        text = (PROGRAMS / f"{name}.py").read_text().replace("{sources}", digest(SOURCES))
        path.write_text(f"#!{sys.executable} -I\n{text}")
        path.chmod(0o755)
        return str(path)

    return written


def test_without_the_program_check_fails_and_says_how_to_continue(repository: Repository) -> None:
    missing = str(repository.path("apicheck"))
    done = repository.run("check", GITOPS_GEN_APICHECK=missing)
    assert done.returncode == 3
    assert f"GITOPS_GEN_APICHECK={missing}" in done.stderr
    assert INSTALL in done.stderr
    assert UNCHECKED in done.stderr
    assert "dev: 49 objects: 0 hold, 0 with findings, 49 not checked" in done.stdout


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("ends", "no memory for the tables"),
        ("talks", "is not apicheck, or is too old"),
        ("endless", "is not apicheck, or is too old"),
        ("other_sources", "was not built from the sources"),
        ("config_maps", "gave an answer that does not fol"),
    ],
)
@pytest.mark.usefixtures("real_program")
def test_a_program_that_fails_is_an_error_of_the_machine(
    name: str, reason: str, repository: Repository, program: Program
) -> None:
    done = repository.run("check", "--format", "json", GITOPS_GEN_APICHECK=program(name))
    assert done.returncode == 3
    assert reason in done.stderr
    assert INSTALL in done.stderr
    assert UNCHECKED in done.stderr
    for counts in json.loads(done.stdout)["objects"]:
        assert (counts["holds"], counts["found"]) == (0, 0)
        assert all(reason in part["reason"] for part in counts["notChecked"])


def test_allowed_unchecked_objects_count_as_not_checked(
    repository: Repository, program: Program
) -> None:
    arguments = ("check", "--allow-unchecked", "--format", "json")
    done = repository.run(*arguments, GITOPS_GEN_APICHECK=program("ends"))
    assert (done.returncode, done.stderr) == (0, "")
    dev, prod = json.loads(done.stdout)["objects"]
    assert (dev["holds"], prod["holds"]) == (0, 0)
    assert sum(part["count"] for part in dev["notChecked"]) == 49
    assert all(INSTALL in part["reason"] for part in dev["notChecked"])


def test_other_errors_count_even_if_unchecked_objects_are_allowed(
    repository: Repository, program: Program
) -> None:
    repository.write("values/dev.yaml", "tiers: {frontend: {replicas: many}}\n")
    path = program("ends")
    assert repository.run("check", GITOPS_GEN_APICHECK=path).returncode == 3
    done = repository.run("check", "--allow-unchecked", GITOPS_GEN_APICHECK=path)
    assert done.returncode == 2
    # Nothing of dev is rendered, so no program is needed.
    assert repository.run("check", "dev", GITOPS_GEN_APICHECK=path).returncode == 2


def test_an_excuse_is_not_judged_without_the_program(
    repository: Repository, program: Program
) -> None:
    excuse = "{rule: api-normal-form, object: Service app/none, reason: Nothing has this name.}"
    base = repository.read("values/base.yaml")
    repository.write("values/base.yaml", f"{base}ignore:\n  - {excuse}\n")
    arguments = ("check", "--allow-unchecked")
    assert repository.run(*arguments, GITOPS_GEN_APICHECK=program("ends")).returncode == 0
    assert repository.run("check").returncode == 2


@pytest.mark.parametrize("name", ["silent", "config_maps"])
def test_a_program_that_hangs_is_given_up(
    name: str,
    rendered: Repository,
    program: Program,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At once, or at the second kind of question, which this program does not know."""
    monkeypatch.setenv("GITOPS_GEN_APICHECK", program(name))
    monkeypatch.setenv("GITOPS_GEN_HELM", rendered.helm)
    request = CheckRequest(str(rendered.root))
    listener = Listener(note=print, progress=lambda _text: None)
    check = EnvironmentsCheck(request, listener, ("dev", "prod"))
    check.api = ApiStage(Patience(start=0.5, answer=0.5))
    found = check.result()
    assert found.failure
    assert all(counts.holds == 0 for counts in found.checked.objects)
    assert {part.reason for one in found.checked.objects for part in one.not_checked} == {
        found.failure
    }


def test_ctrl_c_ends_check_and_its_program(repository: Repository, program: Program) -> None:
    repository.render()
    path = program("silent")
    run = repository.start("check", GITOPS_GEN_APICHECK=path)
    until(lambda: bool(processes_of(path)), "the program is started")
    run.send_signal(signal.SIGINT)
    _, stderr = run.communicate()
    assert (run.returncode, stderr.strip()) == (130, "interrupted; no file was left half-written")
    until(lambda: not processes_of(path), "the program ends")


def processes_of(path: str) -> list[str]:
    """The processes that run a program."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = file.read_bytes().split(b"\0")
        except OSError:
            continue
        found += [file.parent.name] if path.encode() in words else []
    return found
