"""The command `terraform-vars`; without --out it writes no file."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from tests.repository import Repository


def test_variables_are_json_and_nothing_else(repository: Repository) -> None:
    repository.edit(
        "values/base.yaml",
        "    port: 8080\n    path: /\n",
        "    port: 8080\n    path: /\n    imagePullSecrets: [registry]\n",
    )
    before = repository.files()
    done = repository.run("terraform-vars", "prod")
    assert done.returncode == 0, done.stderr
    variables = json.loads(done.stdout)
    assert variables["cluster_name"] == "acme-prod"
    assert variables["secrets"]["grafana-admin"]["fields"] == {"admin-user": "admin"}
    assert done.stderr == (
        "create by hand: Secret 'registry' in namespace app (keys: .dockerconfigjson): "
        "frontend: pulls the image\n"
    )
    assert repository.files() == before


FILE = "terraform/bootstrap/prod.tfvars.json"


@pytest.fixture
def bootstrap(repository: Repository) -> Repository:
    """The example with the directory terraform/bootstrap."""
    repository.path(FILE).parent.mkdir(parents=True)
    return repository


def out(repository: Repository, file: str = FILE) -> subprocess.CompletedProcess[str]:
    return repository.run("terraform-vars", "prod", "--out", file)


def test_the_file_has_the_printed_content(bootstrap: Repository) -> None:
    done = out(bootstrap)
    assert (done.returncode, done.stdout) == (0, f"{FILE}: written\n"), done.stderr
    printed = bootstrap.run("terraform-vars", "prod").stdout
    assert bootstrap.read(FILE) == printed
    assert os.listdir(bootstrap.path(FILE).parent) == ["prod.tfvars.json"]


def test_a_second_run_changes_nothing(bootstrap: Repository) -> None:
    bootstrap.edit("values/prod.yaml", "tiers:\n", f"{PRIVATE}tiers:\n")
    out(bootstrap)
    before = bootstrap.look()
    done = out(bootstrap)
    assert (done.returncode, done.stdout) == (0, f"{FILE}: no change\n")
    assert bootstrap.look() == before
    variables = json.loads(bootstrap.read(FILE))
    assert variables["secrets"]["postgres-credentials"]["revision"] == 2
    assert variables["repository"]["secret_id"] == "acme/git"


PRIVATE = """\
postgres:
  credentials: {passwordRevision: 2}
argocd:
  repository: {secretId: acme/git}
"""


def test_a_refused_change_keeps_the_old_file(bootstrap: Repository) -> None:
    out(bootstrap)
    before = bootstrap.look()
    bootstrap.edit("values/prod.yaml", "replicas: 3", "replicas: three")
    done = out(bootstrap)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("values/prod.yaml:7:15: tiers.frontend.replicas: 'three'")
    bootstrap.edit("values/prod.yaml", "replicas: three", "replicas: 3")
    assert bootstrap.look(os.path.dirname(FILE)) == {
        path: look for path, look in before.items() if path == FILE
    }


def test_a_revision_that_was_increased_by_hand_is_not_decreased(bootstrap: Repository) -> None:
    """Before the values had the key, users edited the file, and only the file has the number."""
    out(bootstrap)
    variables = json.loads(bootstrap.read(FILE))
    variables["secrets"]["postgres-credentials"]["revision"] = 2
    bootstrap.write(FILE, json.dumps(variables, indent=2))
    before = bootstrap.files()
    done = out(bootstrap)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{FILE}:")
    assert "write passwordRevision: 2 into the values" in done.stderr
    assert bootstrap.files() == before
    bootstrap.run("set", "prod", "postgres.credentials.passwordRevision=2")
    assert out(bootstrap).returncode == 0
    assert json.loads(bootstrap.read(FILE)) == variables


def test_a_file_of_version_0_1_0_has_no_argocd(bootstrap: Repository) -> None:
    """A second file may have named the secrets of Argo CD, so the values must have `argocd`."""
    out(bootstrap)
    variables = json.loads(bootstrap.read(FILE))
    del variables["argocd"]
    bootstrap.write(FILE, json.dumps(variables, indent=2))
    before = bootstrap.files()
    done = out(bootstrap)
    assert (done.returncode, done.stdout) == (2, "")
    assert "copy argocd and repository of the second file into the values" in done.stderr
    assert bootstrap.files() == before
    bootstrap.edit("values/prod.yaml", "tiers:\n", "argocd: {ha: false}\ntiers:\n")
    assert out(bootstrap).returncode == 0


@pytest.mark.parametrize(
    "assignment",
    [
        "postgres.credentials.passwordRevision=1",
        "postgres.credentials.passwordRevision=null",
        "postgres.credentials={existingSecret: db, passwordRevision: 1}",
    ],
)
def test_set_warns_of_a_decreased_revision(repository: Repository, assignment: str) -> None:
    repository.edit("values/prod.yaml", "tiers:\n", f"{PRIVATE}tiers:\n")
    done = repository.run("set", "prod", assignment)
    assert done.returncode == 0, done.stderr
    lead = "warning: postgres.credentials.passwordRevision: was 2 and is now 1"
    assert lead in done.stderr
    assert "set 2 again, or 3 for a new password" in done.stderr


def test_set_does_not_warn_of_an_increased_revision(repository: Repository) -> None:
    done = repository.run("set", "prod", "postgres.credentials.passwordRevision=2")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_removed_password_is_a_warning(bootstrap: Repository) -> None:
    """A disabled database continues to run, and its Pod still needs the Secret."""
    out(bootstrap)
    bootstrap.edit("values/base.yaml", "    database: postgres\n", "")
    bootstrap.edit("values/prod.yaml", "tiers:\n", "postgres: {enabled: false}\ntiers:\n")
    done = out(bootstrap)
    assert (done.returncode, done.stdout) == (0, f"{FILE}: written\n")
    assert "warning: secrets.postgres-credentials: these values do not contain it" in done.stderr
    assert "postgres-credentials" not in bootstrap.read(FILE)


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("terraform", "terraform:1:1: is a folder; use another path"),
        (
            "nowhere/prod.tfvars.json",
            "nowhere/prod.tfvars.json:1:1: the folder of the file does not ",
        ),
        ("values/prod.yaml", "values/prod.yaml:1:1: was not written by terraform-vars; "),
        ("values/new.yaml", "values/new.yaml:1:1: is in values/, a reserved directory of the "),
        ("rendered/prod/x.json", "rendered/prod/x.json:1:1: is in rendered/, a reserved "),
        ("terraform/../argocd/x.json", "terraform/../argocd/x.json:1:1: is in argocd/, a "),
        ("linked/x.json", "linked/x.json:1:1: is in rendered/, a reserved directory of the "),
    ],
)
def test_a_path_that_is_not_allowed_for_the_file(
    bootstrap: Repository, place: str, message: str
) -> None:
    bootstrap.path("linked").symlink_to("rendered")
    before = bootstrap.files()
    done = out(bootstrap, place)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(message)
    assert bootstrap.files() == before


def test_a_hyphen_is_not_a_file(repository: Repository) -> None:
    done = out(repository, "-")
    assert (done.returncode, done.stdout) == (2, "")
    assert "without --out, the variables are printed to standard output" in done.stderr
    assert not repository.path("-").exists()


def test_a_file_without_a_name(repository: Repository) -> None:
    done = out(repository, "")
    assert done.returncode == 2
    assert "is empty; name a file" in done.stderr
