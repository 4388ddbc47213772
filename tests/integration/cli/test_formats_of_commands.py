"""In every format for programs, standard output contains only the findings."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gitops_gen.report import formats
from gitops_gen.report.json_format import SCHEMA
from tests.repository import Repository, example
from tests.unit.rehearse.api_server import kubectl

JSON_VALIDATOR = Draft202012Validator(json.loads(SCHEMA.read_text()))


@pytest.fixture
def repository(tmp_path: Path, helm: str) -> Repository:
    """The example with a warning: the load balancer controller is disabled."""
    found = example(tmp_path, helm)
    text = found.read("values/dev.yaml")
    found.write(
        "values/dev.yaml", f"{text}addons: {{aws-load-balancer-controller: {{enabled: false}}}}\n"
    )
    return found


def json_output(repository: Repository, *arguments: str, code: int = 0) -> dict[str, Any]:
    done = repository.run(*arguments, "--format", "json")
    assert done.returncode == code, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    assert [error.message for error in JSON_VALIDATOR.iter_errors(result)] == []
    return result


WARNS = [
    ("check", "dev"),
    ("render", "dev"),
    ("terraform-vars", "dev", "--out", "vars.json"),
    ("teardown", "dev"),
]


@pytest.mark.parametrize("arguments", WARNS, ids=lambda arguments: arguments[0])
def test_warnings(repository: Repository, arguments: tuple[str, ...]) -> None:
    assert [one["rule"] for one in json_output(repository, *arguments)["findings"]] == [
        "ingress-controller"
    ]


def test_messages_about_actions_go_to_standard_error(repository: Repository) -> None:
    done = repository.run("set", "dev", "tiers.backend.replicas=3", "--format", "json")
    assert json.loads(done.stdout)["findings"] == []
    assert "tiers.backend.replicas: 1 -> 3" in done.stderr


def test_errors_of_set_have_a_position(repository: Repository) -> None:
    refused = json_output(repository, "set", "dev", "tiers.backend.port=80", code=2)
    [error] = [one for one in refused["findings"] if one["severity"] == "error"]
    assert (error["rule"], error["file"]) == ("tier-port-privileged", "values/dev.yaml")
    refused = json_output(repository, "set", "dev", "tiers.backend", code=2)
    [finding] = refused["findings"]
    assert (finding["rule"], finding["file"]) == ("assignment", "values/dev.yaml")


def test_stale_files_are_findings(repository: Repository) -> None:
    repository.render("dev")
    repository.write("rendered/dev/umbrella/values.yaml", "")
    found = json_output(repository, "render", "--check", "dev", code=1)["findings"]
    assert ("stale-file", "rendered/dev/umbrella/values.yaml") in {
        (one["rule"], one["file"]) for one in found
    }


def test_a_format_is_refused_if_variables_go_to_standard_output(repository: Repository) -> None:
    [finding] = json_output(repository, "terraform-vars", "dev", code=2)["findings"]
    assert finding["rule"] == "usage"
    assert "name a file (--out)" in finding["message"]


def test_text_ends_a_finding_with_its_rule(repository: Repository) -> None:
    [line] = repository.run("render", "dev").stderr.splitlines()
    assert line.startswith("values/dev.yaml:")
    assert line.endswith(" [ingress-controller]")
    repository.edit("values/dev.yaml", "tag: 2.1.0", "tag: latest")
    refused = repository.run("render", "dev").stderr.splitlines()
    assert "[tier-image-tag]" in [line.rpartition(" ")[2] for line in refused]


def test_a_rehearsal_that_is_refused(repository: Repository) -> None:
    refused = json_output(repository, "rehearse", "nowhere", code=2)
    assert [one["rule"] for one in refused["findings"]] == ["environment"]


@pytest.mark.parametrize("form", formats())
def test_a_rehearsal_is_one_document(repository: Repository, tmp_path: Path, form: str) -> None:
    """The cluster has only the namespace `app` of the environment."""
    repository.render("dev")
    tools = str(Path(kubectl(tmp_path)).parent)
    options = ("--dry-run", "--kubeconfig", "config", "--format", form)
    # A separate folder, because the common one may contain files of a killed rehearsal, which are
    # reported. Its path is short, because it is a part of the path of a Unix socket.
    with TemporaryDirectory() as folder:
        environment = {"GITOPS_GEN_REHEARSE_TOOLS": tools, "TMPDIR": folder}
        done = repository.run("rehearse", "dev", *options, **environment)
    assert (done.returncode, done.stderr) == (0, "")
    if form == "markdown":
        assert "more** of the rule `rehearsal-not-checked`" in done.stdout
    else:
        assert "Service app/backend" in done.stdout
    if form == "json":
        found = json.loads(done.stdout)
        assert list(JSON_VALIDATOR.iter_errors(found)) == []
        assert {one["rule"] for one in found["findings"]} == {"rehearsal-not-checked"}
        assert found["good"] is True
    elif form == "github":
        starts = {line.partition(" ")[0] for line in done.stdout.splitlines()}
        assert starts == {"::warning"}


STARTS = {
    "github": "::error ",
    "html": "<!doctype",
    "json": "{",
    "junit": "<?xml",
    "markdown": "<!-- gitops-gen: pull request -->",
    "sarif": "{",
}


@pytest.mark.parametrize("form", [form for form in formats() if form != "text"])
def test_a_refusal_is_printed_in_the_format(repository: Repository, form: str) -> None:
    repository.edit("values/dev.yaml", "tag: 2.1.0", "tag: latest")
    done = repository.run("rehearse", "dev", "--format", form)
    assert (done.returncode, done.stderr) == (2, "")
    assert "tiers.backend.image.tag" in done.stdout
    assert done.stdout.startswith(STARTS[form])


def test_colours_are_only_for_terminals(repository: Repository) -> None:
    assert "\x1b" not in repository.run("check", "dev", "--allow-unchecked").stdout
    for variables, coloured in (
        ({"TERM": "xterm"}, True),
        ({"TERM": "xterm", "NO_COLOR": ""}, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
    ):
        output = terminal_output(repository, "check", "dev", "--allow-unchecked", **variables)
        assert "[ingress-controller]" in re.sub(r"\x1b\[[0-9;]*m", "", output)
        assert ("\x1b[1;33mvalues/dev.yaml:" in output) == coloured, variables


def terminal_output(repository: Repository, *arguments: str, **variables: str) -> str:
    """What a command prints to a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        repository.command(*arguments),
        cwd=repository.root,
        env=repository.environment(**variables),
        stdout=theirs,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    parts: list[bytes] = []
    # At the end of the process, Linux reports an error instead of the end of the file.
    with suppress(OSError):
        while part := os.read(ours, 4096):
            parts.append(part)
    os.close(ours)
    process.wait()
    return b"".join(parts).decode()


@pytest.mark.parametrize("command", ["render", "check"])
def test_a_command_on_all_environments_names_them(repository: Repository, command: str) -> None:
    repository.edit("values/dev.yaml", "tag: 2.1.0", "tag: latest")
    refused = json_output(repository, command, code=2)
    assert refused["environments"] == ["dev", "prod"]
    assert {one["file"] for one in refused["findings"]} == {"values/dev.yaml"}


def test_outside_of_a_repository_no_environment_is_named(repository: Repository) -> None:
    shutil.rmtree(repository.path("values"))
    refused = json_output(repository, "render", code=2)
    assert refused["environments"] == []
    assert [one["rule"] for one in refused["findings"]] == ["values-folder"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("check", "--bogus"), "No such option '--bogus'."),
        (("render", "--jobs", "0"), "Invalid value for '--jobs': 0 is not in the range x>=1."),
        (("render", "--out="), "Invalid value for --out: is empty; name a directory"),
        (("set", "dev"), "Missing argument 'PATH=VALUE...'."),
        (
            ("rehearse", "dev", "--revert"),
            "--revert requires --base, the revision to revert to",
        ),
        (
            ("explain", "nothing"),
            "'nothing' is neither a rule nor a class of changes; docs/rules.md lists all rules, "
            "docs/diff.md all classes",
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_wrong_usage_is_a_finding(
    repository: Repository, arguments: tuple[str, ...], message: str
) -> None:
    [finding] = json_output(repository, *arguments, code=2)["findings"]
    assert (finding["rule"], finding["file"]) == ("usage", "command line")
    assert finding["message"].endswith(message)


@pytest.mark.parametrize("form", ["junit", "sarif"])
def test_wrong_usage_is_in_each_format(repository: Repository, form: str) -> None:
    done = repository.run("check", "--bogus", "--format", form)
    assert (done.returncode, done.stderr) == (2, "")
    assert "No such option '--bogus'." in done.stdout


def test_wrong_usage_of_the_format_itself_is_text(repository: Repository) -> None:
    for arguments in (
        ("check", "--format", "xml"),
        ("schema", "--format", "json"),
        ("check", "--format"),
    ):
        done = repository.run(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert "Error: " in done.stderr


def test_after_two_hyphens_no_option_is_read(repository: Repository) -> None:
    done = repository.run("rehearse", "--bogus", "--", "--format", "json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "No such option '--bogus'" in done.stderr
