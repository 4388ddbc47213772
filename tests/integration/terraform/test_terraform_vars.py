"""`terraform-vars` as it is run, and that it writes nothing unasked."""

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
        "to be made by hand: Secret 'registry' in namespace app (keys: .dockerconfigjson): "
        "frontend: pulls the image\n"
    )
    assert repository.files() == before


FILE = "terraform/bootstrap/prod.tfvars.json"


@pytest.fixture
def bootstrap(repository: Repository) -> Repository:
    """The example with the folder that the variables are for."""
    repository.path(FILE).parent.mkdir(parents=True)
    return repository


def out(repository: Repository, file: str = FILE) -> subprocess.CompletedProcess[str]:
    return repository.run("terraform-vars", "prod", "--out", file)


def test_a_file_gets_what_is_printed(bootstrap: Repository) -> None:
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


def test_what_is_refused_leaves_the_old_file(bootstrap: Repository) -> None:
    out(bootstrap)
    before = bootstrap.look()
    bootstrap.edit("values/prod.yaml", "replicas: 3", "replicas: three")
    done = out(bootstrap)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("values/prod.yaml:6:15: tiers.frontend.replicas: 'three'")
    bootstrap.edit("values/prod.yaml", "replicas: three", "replicas: 3")
    assert bootstrap.look(os.path.dirname(FILE)) == {
        path: look for path, look in before.items() if path == FILE
    }


def test_a_revision_that_was_raised_by_hand_is_not_lowered(bootstrap: Repository) -> None:
    """As users did before the values had it: the file is the only place that knows."""
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


def test_a_file_of_version_0_1_0_says_nothing_of_argocd(bootstrap: Repository) -> None:
    """A second file may have named its secrets, so the values must speak of argocd first."""
    out(bootstrap)
    variables = json.loads(bootstrap.read(FILE))
    del variables["argocd"]
    bootstrap.write(FILE, json.dumps(variables, indent=2))
    before = bootstrap.files()
    done = out(bootstrap)
    assert (done.returncode, done.stdout) == (2, "")
    assert "write into the values what the second file says" in done.stderr
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
def test_set_warns_of_a_lowered_revision(repository: Repository, assignment: str) -> None:
    repository.edit("values/prod.yaml", "tiers:\n", f"{PRIVATE}tiers:\n")
    done = repository.run("set", "prod", assignment)
    assert done.returncode == 0, done.stderr
    lead = "warning: postgres.credentials.passwordRevision: was 2 and is 1 now"
    assert lead in done.stderr
    assert "set 2 again, or 3 for a new password" in done.stderr


def test_set_says_nothing_of_a_raised_revision(repository: Repository) -> None:
    done = repository.run("set", "prod", "postgres.credentials.passwordRevision=2")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_password_that_is_dropped_is_warned_about(bootstrap: Repository) -> None:
    """Switched off, the database goes on running, and its Pod still needs the Secret."""
    out(bootstrap)
    bootstrap.edit("values/base.yaml", "    database: postgres\n", "")
    bootstrap.edit("values/prod.yaml", "tiers:\n", "postgres: {enabled: false}\ntiers:\n")
    done = out(bootstrap)
    assert (done.returncode, done.stdout) == (0, f"{FILE}: written\n")
    assert "warning: secrets.postgres-credentials: Terraform does not make it" in done.stderr
    assert "postgres-credentials" not in bootstrap.read(FILE)


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("terraform", "terraform:1:1: is a folder; name a file\n"),
        ("nowhere/prod.tfvars.json", "nowhere/prod.tfvars.json:1:1: there is no folder for it; "),
        ("values/prod.yaml", "values/prod.yaml:1:1: was not written by terraform-vars; "),
        ("values/new.yaml", "values/new.yaml:1:1: is in values/, which is for other files; "),
        ("rendered/prod/x.json", "rendered/prod/x.json:1:1: is in rendered/, which is for other"),
        ("terraform/../argocd/x.json", "terraform/../argocd/x.json:1:1: is in argocd/, which "),
        ("linked/x.json", "linked/x.json:1:1: is in rendered/, which is for other files; "),
    ],
)
def test_a_place_that_is_not_the_file_s(bootstrap: Repository, place: str, message: str) -> None:
    bootstrap.path("linked").symlink_to("rendered")
    before = bootstrap.files()
    done = out(bootstrap, place)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(message)
    assert bootstrap.files() == before


def test_a_hyphen_is_no_file(repository: Repository) -> None:
    done = out(repository, "-")
    assert (done.returncode, done.stdout) == (2, "")
    assert "without --out the variables go to standard output" in done.stderr
    assert not repository.path("-").exists()


def test_a_file_without_a_name(repository: Repository) -> None:
    done = out(repository, "")
    assert done.returncode == 2
    assert "is empty; name a file" in done.stderr
