"""`gitops-gen promote`: a release of one environment becomes that of another."""

from __future__ import annotations

import pytest

from tests.repository import Repository

DIGEST = f"sha256:{'a' * 64}"
PROMOTE = ("promote", "--from", "dev", "--to", "prod")


def test_tags_are_copied_and_comments_are_kept(repository: Repository) -> None:
    repository.edit("values/prod.yaml", "tag: 1.4.2", "tag: 1.4.2  # as approved")
    before = repository.read("values/prod.yaml")
    done = repository.run(*PROMOTE)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "values/prod.yaml:6:12: tiers.frontend.image.tag: '1.4.2' -> '1.5.0'",
        "values/prod.yaml:11:12: tiers.backend.image.tag: '2.0.1' -> '2.1.0'",
    ]
    expected = before.replace("1.4.2", "1.5.0").replace("2.0.1", "2.1.0")
    assert repository.read("values/prod.yaml") == expected
    assert repository.run(*PROMOTE).stdout == "values/prod.yaml: no change\n"


def test_a_digest_is_copied_and_one_that_is_gone_is_removed(repository: Repository) -> None:
    repository.run("set", "dev", f"tiers.backend.image.digest={DIGEST}")
    repository.run("set", "prod", f"tiers.frontend.image.digest={DIGEST}")
    done = repository.run(*PROMOTE)
    assert done.returncode == 0, done.stderr
    assert f"tiers.backend.image.digest: null -> '{DIGEST}'" in done.stdout
    assert f"tiers.frontend.image.digest: '{DIGEST}' -> null" in done.stdout
    again = repository.run(*PROMOTE)
    assert again.stdout == "values/prod.yaml: no change\n"


def test_only_one_tier(repository: Repository) -> None:
    done = repository.run(*PROMOTE, "--only", "tiers.backend")
    assert done.stdout == "values/prod.yaml:11:12: tiers.backend.image.tag: '2.0.1' -> '2.1.0'\n"


def test_other_values_on_request(repository: Repository) -> None:
    repository.run("set", "dev", "tiers.backend.env={LOG_LEVEL: debug, PORT: 8080}")
    repository.run("set", "prod", "tiers.backend.env={LOG_LEVEL: info, OLD: x}")
    done = repository.run(*PROMOTE, "--only", "tiers.backend.env")
    assert done.returncode == 0, done.stderr
    assert [line.partition(": ")[2] for line in done.stdout.splitlines()] == [
        "tiers.backend.env.LOG_LEVEL: 'info' -> 'debug'",
        "tiers.backend.env.PORT: null -> '8080'",
        "tiers.backend.env.OLD: 'x' -> null",
    ]
    assert "2.0.1" in repository.read("values/prod.yaml")


def test_a_dry_run_writes_nothing(repository: Repository) -> None:
    before = repository.files()
    done = repository.run(*PROMOTE, "--dry-run")
    assert done.stdout.endswith("nothing was written (--dry-run)\n")
    assert done.stdout.count(" -> ") == 2
    assert repository.files() == before


@pytest.mark.parametrize(
    "layer", ["values/base.yaml", "values/groups/eu.yaml", "values/clusters/prod.json"]
)
def test_a_value_that_another_layer_sets_is_refused(layer: str, repository: Repository) -> None:
    if layer == "values/base.yaml":
        repository.edit("values/prod.yaml", "      tag: 2.0.1\n", "      pullPolicy: Always\n")
        repository.run("set", "base", "tiers.backend.image.tag=2.0.0")
        only = ()
    elif layer == "values/groups/eu.yaml":
        repository.edit("values/prod.yaml", "      tag: 2.0.1\n", "      pullPolicy: Always\n")
        repository.write(layer, "tiers: {backend: {image: {tag: 2.0.0}}}\n")
        repository.write("values/prod.yaml", f"groups: [eu]\n{repository.read('values/prod.yaml')}")
        only = ()
    else:
        only = ("--only", "cluster.name")
    before = repository.files("values")
    done = repository.run(*PROMOTE, *only)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{layer}:")
    assert "this layer sets the value of prod, and promote changes only" in done.stderr
    assert done.stderr.endswith("[promotion]\n")
    assert repository.files("values") == before


def test_a_tier_that_the_target_does_not_have(repository: Repository) -> None:
    repository.run("set", "dev", "tiers.mail={image: {repository: a/b, tag: '1'}}")
    done = repository.run(*PROMOTE)
    assert done.returncode == 0
    assert "tiers.mail is not promoted, because it does not exist in prod\n" in done.stderr
    assert "mail" not in repository.read("values/prod.yaml")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--from", "dev", "--to", "dev"), "--from and --to name the same environment"),
        (("--from", "dev", "--to", "prd"), "values/prd.yaml:1:1: no such file"),
        (("--from", "base", "--to", "dev"), "'base' is not an environment"),
        ((*PROMOTE[1:], "--only", "tiers.backend.imag"), "unknown key"),
        ((*PROMOTE[1:], "--only", "tiers.backend.schedule"), "dev has no such value"),
        ((*PROMOTE[1:], "--only", "a b[c"), "is not a path such as tiers.backend"),
    ],
)
def test_usage(arguments: tuple[str, ...], message: str, repository: Repository) -> None:
    before = repository.files("values")
    done = repository.run("promote", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert repository.files("values") == before
