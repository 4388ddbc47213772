"""Each command, run as a user runs it."""

from __future__ import annotations

import json
import re
import shlex
import signal
import subprocess
from pathlib import Path

import pytest

from gitops_gen import __version__
from gitops_gen.helm import HELM_VERSION
from gitops_gen.report import formats
from tests.integration.replaced import replace_placeholders
from tests.repository import Repository
from tests.waiting import LIMIT, until

COMMANDS = (
    *("check", "doctor", "import-cluster", "init", "rehearse", "render"),
    *("schema", "set", "teardown", "terraform-vars"),
)


@pytest.fixture
def empty(tmp_path: Path, helm: str) -> Repository:
    """An empty directory."""
    root = tmp_path / "shop"
    root.mkdir()
    return Repository(root, helm)


def test_help_lists_every_command_without_importing_them(empty: Repository) -> None:
    help_text = empty.run("--help").stdout
    assert all(f"\n  {name} " in help_text for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_shows_examples(empty: Repository, name: str) -> None:
    assert f"gitops-gen {name}" in empty.run(name, "--help").stdout


def test_version(empty: Repository) -> None:
    assert empty.run("--version").stdout == f"gitops-gen {__version__}\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_script(empty: Repository, shell: str) -> None:
    script = empty.run(_GITOPS_GEN_COMPLETE=f"{shell}_source").stdout
    assert "gitops-gen" in script


@pytest.mark.parametrize(
    "arguments",
    [
        ("rendr",),
        ("render", "--jobs", "0"),
        ("render", "--out", "/dev/null"),
        ("check", "--format", "xml"),
        ("set", "dev"),
        ("teardown", "dev", "--script", ""),
    ],
)
def test_wrong_usage_exits_2(empty: Repository, arguments: tuple[str, ...]) -> None:
    done = empty.run(*arguments)
    assert done.returncode == 2
    assert "Error:" in done.stderr
    assert "Traceback" not in done.stderr


def test_outside_of_a_repository(empty: Repository) -> None:
    for command in (("render",), ("check",), ("set", "dev", "tiers.web.port=8080")):
        done = empty.run(*command)
        assert done.returncode == 2
        assert "gitops-gen init" in done.stderr
    assert list(empty.root.iterdir()) == []


# init


def test_init_makes_a_repository_that_renders(empty: Repository) -> None:
    assert empty.run("init").returncode == 0
    assert "dev: " in empty.render()
    assert empty.run("render", "--check").returncode == 0
    replace_placeholders(empty)
    assert empty.run("check").stdout.startswith("dev: valid\n")
    assert "ghcr.io/acme/shop-backend" in empty.read("values/base.yaml")


def test_init_writes_terraform_and_the_documentation(empty: Repository) -> None:
    empty.run("init")
    pages = sorted(empty.root.rglob("*.md"))
    assert empty.path("docs/first-sync.md") in pages
    assert empty.path("terraform/infra/main.tf").is_file()
    assert not list(empty.root.rglob("tests"))
    for page in pages:
        links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
        assert [link for link in links if not (page.parent / link).exists()] == []


def test_init_overwrites_nothing(empty: Repository) -> None:
    empty.write("values/dev.yaml", "mine\n")
    done = empty.run("init")
    assert done.returncode == 2
    assert "values/dev.yaml:1:1: already exists" in done.stderr
    assert [path.name for path in empty.root.iterdir()] == ["values"]


def test_init_keeps_the_files_that_a_git_host_creates(empty: Repository) -> None:
    empty.write("README.md", "mine\n")
    empty.write("LICENSE", "mine\n")
    empty.write(".gitignore", "/.gitops-gen/\n*.log")
    empty.write(".gitattributes", "*.png binary")
    done = empty.run("init")
    assert done.returncode == 0, done.stderr
    assert empty.read("README.md") == "mine\n"
    assert "README.md" not in done.stdout.splitlines()
    assert empty.read(".gitignore") == "/.gitops-gen/\n*.log"
    assert empty.read(".gitattributes").startswith("*.png binary\n# Generated")
    assert empty.render()


def test_init_refuses_a_name_that_no_cluster_can_have(empty: Repository) -> None:
    done = empty.run("init", "My Shop")
    assert done.returncode == 2
    assert "lower-case letters" in done.stderr


def test_a_failed_init_leaves_no_files(empty: Repository) -> None:
    done = _on_a_full_disk(empty, "init", str(empty.path("folders/of/its/own/shop")))
    assert done.returncode == 3, done.stderr
    assert "cannot be written: File too large" in done.stderr
    assert list(empty.root.iterdir()) == []


def test_a_failed_init_removes_the_lines_that_it_added(empty: Repository) -> None:
    empty.write(".gitattributes", "*.png binary")
    done = _on_a_full_disk(empty, "init")
    assert done.returncode == 3, done.stderr
    assert empty.read(".gitattributes") == "*.png binary"
    assert [path.name for path in empty.root.iterdir()] == [".gitattributes"]


def _on_a_full_disk(empty: Repository, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs a command that cannot write files of more than a kilobyte; the schema is larger.

    Python must not write compiled modules here, because they would be truncated and break every
    later run.
    """
    return subprocess.run(
        ["bash", "-c", f"ulimit -f 1; exec {shlex.join(empty.command(*words))}"],
        cwd=empty.root,
        env=empty.environment(PYTHONDONTWRITEBYTECODE="1"),
        capture_output=True,
        text=True,
    )


def test_git_ignores_and_marks_the_files_of_init(empty: Repository) -> None:
    empty.run("init")
    empty.render()
    empty.git("init", "--quiet")
    assert ".gitops-gen" not in empty.git("status", "--short", "--untracked-files=all")
    attributes = empty.git(
        *("check-attr", "linguist-generated", "merge", "--"),
        "rendered/dev/inventory",
        "argocd/dev/apps/a",
    )
    assert "rendered/dev/inventory: linguist-generated: true" in attributes
    assert "rendered/dev/inventory: merge: union" in attributes
    assert "argocd/dev/apps/a: linguist-generated: true" in attributes


# check, schema


def test_check_in_every_format(repository: Repository) -> None:
    repository.edit("values/prod.yaml", "replicas: 3", "replicas: two")
    for form in formats():
        done = repository.run("check", "--format", form)
        assert done.returncode == 2, done.stderr
        if form == "text":
            assert "values/prod.yaml:7:15: tiers.frontend.replicas: 'two'" in done.stdout
            assert done.stdout.splitlines()[0].endswith(" [schema]")
        elif form == "json":
            [finding] = json.loads(done.stdout)["findings"]
            assert (finding["file"], finding["line"], finding["column"]) == (
                "values/prod.yaml",
                7,
                15,
            )
        elif form == "github":
            assert done.stdout.startswith("::error file=values/prod.yaml,line=7,col=15,")
        elif form == "html":
            assert "<code>values/prod.yaml:7:15</code>" in done.stdout
        elif form == "junit":
            assert "values/prod.yaml:7:15: tiers.frontend.replicas" in done.stdout
        elif form == "markdown":
            assert "`values/prod.yaml:7:15`: `tiers.frontend.replicas: 'two'`" in done.stdout
        else:
            [result] = json.loads(done.stdout)["runs"][0]["results"]
            region = result["locations"][0]["physicalLocation"]["region"]
            assert (region["startLine"], region["startColumn"]) == (7, 15)


def test_check_of_one_environment_ignores_the_others(repository: Repository) -> None:
    repository.edit("values/prod.yaml", "replicas: 3", "replicas: two")
    assert repository.run("check", "dev").stdout.startswith("dev: valid\n")


def test_the_schema_in_the_repository_is_up_to_date(repository: Repository) -> None:
    assert repository.run("schema", "--layer").stdout == repository.read("values/schema.json")
    repository.write("values/schema.json", "{}\n")
    done = repository.run("check")
    assert done.returncode == 0
    assert "gitops-gen schema --layer > values/schema.json" in done.stdout


def test_an_image_of_all_environments_without_a_tag(repository: Repository) -> None:
    repository.edit(
        "values/base.yaml", "tiers:\n", "tiers:\n  job: {image: {repository: acme/job}}\n"
    )
    done = repository.run("check", "prod")
    assert "use a release tag or a digest, here or in values/prod.yaml [" in done.stdout


# set


def test_set_changes_one_line_and_keeps_the_rest(repository: Repository) -> None:
    before = repository.read("values/prod.yaml")
    done = repository.run("set", "prod", "tiers.backend.image.tag=2.0.2")
    assert done.returncode == 0
    assert done.stdout == "values/prod.yaml:11:12: tiers.backend.image.tag: '2.0.1' -> '2.0.2'\n"
    assert repository.read("values/prod.yaml") == before.replace("2.0.1", "2.0.2")


def test_set_keeps_the_files_mode(repository: Repository) -> None:
    repository.path("values/prod.yaml").chmod(0o600)
    assert repository.run("set", "prod", "tiers.backend.image.tag=2.0.2").returncode == 0
    assert repository.path("values/prod.yaml").stat().st_mode & 0o777 == 0o600


def test_set_does_not_write_invalid_values(repository: Repository) -> None:
    before = repository.files("values")
    for assignment in ("tiers.backend.image.tag=latest", "tiers.bakend.port=1", "postgres=null"):
        done = repository.run("set", "prod", assignment)
        assert done.returncode == 2
        assert done.stderr
    assert repository.files("values") == before


def test_set_reports_the_same_errors_as_a_render(repository: Repository) -> None:
    before = repository.files("values")
    done = repository.run("set", "prod", "addons.cert-manager.enabled=false")
    assert done.returncode == 2
    message = (
        "values/prod.yaml: addons.cert-manager.enabled: is false, but aws-load-balancer-controller "
    )
    assert done.stderr.startswith(message)
    assert repository.files("values") == before


def test_set_prints_only_what_it_changed(repository: Repository) -> None:
    with repository.path("values/prod.yaml").open("a") as file:
        file.write(
            "ingress: {tags: {a: b}}\naddons: {aws-load-balancer-controller: {enabled: false}}\n"
        )
    assert "warning: " in repository.run("check").stdout
    done = repository.run("set", "prod", "tiers.backend.image.tag=2.0.1")
    assert (done.stdout, done.stderr) == ("values/prod.yaml: no change\n", "")
    done = repository.run("set", "prod", "tiers.frontend.replicas=3", "ingress.tags.a=c")
    assert done.stderr == ""
    assert [line.partition(": ")[2] for line in done.stdout.splitlines()] == [
        "ingress.tags.a: 'b' -> 'c'"
    ]


def test_set_null_removes_a_value_that_only_this_file_sets(repository: Repository) -> None:
    before = repository.read("values/dev.yaml")
    repository.run("set", "dev", "postgres.external={host: db.example.com}")
    assert "db.example.com" in repository.read("values/dev.yaml")
    done = repository.run("set", "dev", "postgres.external=null")
    assert done.returncode == 0, done.stderr
    assert repository.read("values/dev.yaml") == f"{before}postgres: {{}}\n"


def test_set_of_a_misspelled_add_on_gives_one_message(repository: Repository) -> None:
    done = repository.run("set", "dev", "addons.external-secret.enabled=true")
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert "did you mean 'external-secrets'?" in line
    assert line.endswith("]")


def test_every_message_of_set_ends_with_its_rule(repository: Repository) -> None:
    for assignment in ("ingress.certificateArn=foo", "postgres.storage.sise=1Gi"):
        done = repository.run("set", "dev", assignment)
        assert done.stderr.rstrip().endswith(("[schema]", "[assignment]"))


def test_set_says_that_a_comment_is_written_by_hand(repository: Repository) -> None:
    done = repository.run("set", "dev", "tiers.backend.env.SALT_TOKEN=none-at-all")
    assert done.returncode == 2
    assert "to excuse this finding, edit the file by hand [plaintext-secret]" in done.stderr


def test_the_shared_file_is_not_an_environment(repository: Repository) -> None:
    done = repository.run("render", "base")
    assert done.returncode == 2
    assert "'base' is not an environment: all environments share values/base.yaml" in done.stderr


def test_set_does_not_write_through_a_link(repository: Repository) -> None:
    elsewhere = repository.root.parent / "prod.yaml"
    repository.path("values/prod.yaml").rename(elsewhere)
    repository.path("values/prod.yaml").symlink_to(elsewhere)
    before = elsewhere.read_bytes()
    done = repository.run("set", "prod", "tiers.frontend.replicas=4")
    assert done.returncode == 2
    assert elsewhere.read_bytes() == before


# doctor


def test_doctor_lists_installed_tools(repository: Repository) -> None:
    done = repository.run("doctor")
    assert done.returncode == 0, done.stdout
    assert "Helm" in done.stdout
    assert "dev, prod" in done.stdout


@pytest.mark.parametrize(
    ("program", "output", "line"),
    [
        ("terraform", "Terraform v1.11.4\non linux_amd64", "ok       Terraform  1.11.4 ("),
        ("terraform", "Terraform v1.9.8", "too old  Terraform  1.9.8 ("),
        ("aws", "aws-cli/2.15.30 Python/3.11.8", "ok       AWS CLI    2.15.30 ("),
        ("aws", "aws-cli/1.45.11 Python/3.11.7", "too old  AWS CLI    1.45.11 ("),
        ("kubectl", "Client Version: v1.36.1", "ok       kubectl    1.36.1 ("),
        ("kubectl", "Client Version: v1.9.0-eks-1", "too old  kubectl    1.9.0 ("),
        ("kubectl", "", "absent   kubectl    does not print its version ("),
    ],
)
def test_doctor_prints_versions_and_what_they_are_for(
    repository: Repository, tmp_path: Path, program: str, output: str, line: str
) -> None:
    executable = tmp_path / "bin" / program
    executable.parent.mkdir()
    executable.write_text(f"#!/bin/sh\nprintf '%s' '{output}'\n")
    executable.chmod(0o755)
    done = repository.run("doctor", PATH=f"{executable.parent}:/usr/bin:/bin")
    assert done.returncode == 0, done.stdout
    assert f"\n{line}{executable})\n" in done.stdout
    assert "1.11 or newer, for terraform/ and import-cluster\n" in done.stdout


def test_doctor_prints_how_to_install_missing_tools(repository: Repository, tmp_path: Path) -> None:
    done = repository.run("doctor", PATH=str(tmp_path), GITOPS_GEN_HELM="")
    assert done.returncode == 3
    assert "install git" in done.stdout
    assert "GITOPS_GEN_HELM" in done.stdout
    assert "install redis-server" in done.stdout
    assert "absent   kwok" in done.stdout, "a tool that only rehearse needs may be absent"
    assert re.search(r"absent +Terraform +not on PATH\n.*\n +install it: https://", done.stdout)


def test_doctor_says_how_to_get_apicheck(repository: Repository, tmp_path: Path) -> None:
    done = repository.run("doctor", XDG_CACHE_HOME=str(tmp_path), GITOPS_GEN_APICHECK="")
    assert done.returncode == 0
    assert re.search(r"absent +apicheck +not found\n +`gitops-gen doctor --install", done.stdout)


def test_doctor_tells_of_an_apicheck_that_cannot_be_used(repository: Repository) -> None:
    done = repository.run("doctor", GITOPS_GEN_APICHECK="/bin/cat")
    assert done.returncode == 3
    assert re.search(r"missing +apicheck +cannot be used\n +/bin/cat is not apicheck", done.stdout)


def test_doctor_installs_what_is_here_already_at_once(repository: Repository, helm: str) -> None:
    done = repository.run("doctor", "--install", "helm")
    assert done.returncode == 0
    assert done.stdout == f"ok       Helm  {HELM_VERSION} ({helm})\n"
    assert done.stderr == ""


# Exit codes


def test_a_closed_pipe_ends_the_run_like_other_programs(repository: Repository) -> None:
    command = subprocess.Popen(
        repository.command("schema"),
        cwd=repository.root,
        env=repository.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert command.stdout is not None
    assert command.stderr is not None
    command.stdout.read(10)
    command.stdout.close()
    assert command.stderr.read() == b""
    assert command.wait(30) == 141


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_no_files(repository: Repository, number: int, tmp_path: Path) -> None:
    slow = tmp_path / "helm"
    slow.write_text(
        f'#!/bin/sh\ncase "$1" in template) touch "{tmp_path}/begun"; exec sleep 30;; esac\n'
        f'exec {repository.helm} "$@"\n'
    )
    slow.chmod(0o755)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    run = repository.start("render", GITOPS_GEN_HELM=str(slow), TMPDIR=str(scratch))
    until((tmp_path / "begun").exists, "Helm has begun")
    assert list(scratch.iterdir())
    run.send_signal(number)
    _, stderr = run.communicate(timeout=LIMIT)
    assert run.returncode == 130, stderr
    assert "interrupted" in stderr
    assert "Traceback" not in stderr
    assert list(scratch.iterdir()) == []
    assert not repository.path("rendered").exists()
