"""`gitops-gen diff --format markdown`: one document with the whole verdict about a pull request."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.markdown_reader import links, problems
from tests.repository import Repository

MARKER = "<!-- gitops-gen: pull request -->\n"


def comment(repository: Repository, *arguments: str, code: int = 0) -> str:
    done = repository.run("diff", "--format", "markdown", *arguments)
    assert done.returncode == code, done.stderr
    assert done.stdout.startswith(MARKER)
    assert problems(done.stdout) == []
    return done.stdout


def test_a_change_that_is_not_rendered_must_be_rendered_first(committed: Repository) -> None:
    committed.run("set", "prod", "tiers.frontend.image.tag=2.0.0")
    before = committed.git("status", "--porcelain")
    text = comment(committed)
    assert committed.git("status", "--porcelain") == before
    assert "> **Do not merge yet.** " in text
    manifest = "rendered/prod/manifests/frontend/app/deployment-frontend.yaml"
    assert f"- **3 generated files do not match the values**: `{manifest}`, " in text
    assert "- **version**: " in text
    assert "- `Deployment app/frontend`: restarts 3 Pods, one at a time" in text


def test_a_rendered_change_is_dangerous_or_not(committed: Repository) -> None:
    committed.run("set", "prod", "tiers.frontend.image.tag=2.0.0")
    committed.render()
    assert "> **Merge only if the dangers below are acceptable.** 1 danger is" in comment(committed)
    committed.run("set", "prod", "tiers.frontend.image.tag=1.4.9")
    committed.render()
    assert "> **No danger was found.**\n>\n> Changes in `prod` (1 of 2 " in comment(committed)


def test_an_accepted_danger_is_listed_with_its_reason(committed: Repository) -> None:
    committed.run("set", "prod", "tiers.frontend.image.tag=2.0.0")
    committed.render()
    committed.commit("Update\n\nAccept-Change: version Deployment app/frontend: @team has #1 read")
    text = comment(committed, "--base", "HEAD~1")
    assert "> **No danger was found.** 1 danger accepted by trailers." in text
    assert "- **version** `Deployment app/frontend`: `@team` has `#1` read (commit " in text


def test_nothing_changes(committed: Repository) -> None:
    text = comment(committed)
    assert "> **No changes.**\n>\n> No object changes in 2 environments." in text
    assert "### " not in text


def test_errors_of_the_check_are_in_the_comment(committed: Repository) -> None:
    text = committed.read("values/prod.yaml")
    committed.write("values/prod.yaml", text.replace("replicas: 3", "replicas: three"))
    committed.run("set", "dev", "tiers.frontend.image.tag=1.4.9")
    found = comment(committed, code=2)
    assert "- **error** `schema` `values/prod.yaml:7:15`: " in found
    assert "- **Not compared**: `values/prod.yaml`: its values are not valid — `prod`" in found
    assert "Changes in `dev` (1 of 2 environments)" in found
    assert "Not compared completely: `prod`." in found


def test_an_environment_with_invalid_values_is_not_called_unchanged(committed: Repository) -> None:
    committed.edit("values/prod.yaml", "replicas: 3", "replica: 3")
    text = comment(committed, code=2)
    assert "> No object changes in 1 environment. Not compared completely: `prod`." in text
    assert "unknown key; did you mean `'replicas'`?" in text


def test_the_objects_of_a_removed_environment_stay(committed: Repository) -> None:
    committed.path("values/dev.yaml").unlink()
    committed.render()
    text = comment(committed)
    assert "Changes in `dev` (1 of 2 environments). All objects of `dev` stay in the" in text
    assert "Objects:" not in text
    assert "Not checked**: `PrometheusRule`" not in text


def test_nothing_runs_in_a_new_environment(committed: Repository) -> None:
    committed.write("values/stage.yaml", committed.read("values/prod.yaml"))
    cluster = committed.read("values/clusters/prod.json").replace("acme-prod", "acme-stage")
    committed.write("values/clusters/stage.json", cluster)
    committed.render()
    text = comment(committed)
    assert "new environment <code>stage</code></b>: " in text
    assert "; access, new-load-balancer, cost</summary>" in text
    assert "kubectl apply -f argocd/stage/bootstrap.yaml" in text


def test_other_errors_are_a_comment_too(committed: Repository) -> None:
    text = comment(committed, "--base", "[x](https://evil.example)", code=2)
    assert "- **error** `revision`" in text
    assert links(text) == []


def test_every_environment_is_rendered_at_most_once(
    committed: Repository, helm: str, tmp_path: Path
) -> None:
    log, program = tmp_path / "calls", tmp_path / "helm"
    program.write_text(f'#!/bin/sh\necho "$1" >> {log}\nexec {helm} "$@"\n')
    program.chmod(0o755)
    committed.run("set", "prod", "tiers.frontend.image.tag=2.0.0")
    own = replace(committed, variables={"GITOPS_GEN_HELM": str(program)})
    comment(own)
    verdict = log.read_text().count("template")
    log.write_text("")
    own.run("render", "--check")
    assert verdict == log.read_text().count("template") > 0


def test_links_lead_to_the_pages_in_the_repository(committed: Repository) -> None:
    committed.write("docs/diff.md", "")
    committed.run("set", "prod", "ingress.scheme=internal")
    of_github = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "acme/platform"}
    own = replace(committed, variables=of_github)
    pages = "https://github.com/acme/platform/blob/HEAD/docs"
    text = comment(own)
    assert f"{pages}/diff.md#new-load-balancer" in links(text)
    assert {link.rpartition("/")[0] for link in links(text)} == {pages}
    assert links(comment(committed)) == []
    step = "- [ ] Point the DNS names at the load balancer of Ingress `app/ingress`, unless"
    assert f"{step} external-dns does so: `kubectl -n app get ingress/ingress` prints" in text


def test_two_environments(committed: Repository) -> None:
    done = committed.run("diff", "--from", "dev", "--to", "prod", "--format", "markdown")
    assert done.returncode == 0, done.stderr
    assert problems(done.stdout) == []
    assert "tiers.frontend.replicas: 1 (values/dev.yaml" in done.stdout
