"""`gitops-gen set` on several files: all are written, or none."""

from __future__ import annotations

import json

from tests.repository import Repository

NEW_TIER = "tiers.mail={image: {repository: ghcr.io/acme/mail, tag: '1'}, env: {PORT: 8080}}"


def test_several_environments(repository: Repository) -> None:
    done = repository.run("set", "dev", "prod", "tiers.backend.image.tag=2.2.0")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "values/dev.yaml:11:12: tiers.backend.image.tag: '2.1.0' -> '2.2.0'",
        "values/prod.yaml:11:12: tiers.backend.image.tag: '2.0.1' -> '2.2.0'",
    ]
    assert done.stderr == ""


def test_the_base_and_what_overrides_it(repository: Repository) -> None:
    done = repository.run("set", "base", "tiers.frontend.replicas=4", "tiers.backend.port=9000")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "values/base.yaml:13:15: tiers.frontend.replicas: 2 -> 4",
        "values/base.yaml:17:11: tiers.backend.port: 8080 -> 9000",
        "values/dev.yaml:7:15: tiers.frontend.replicas: overrides the value of values/base.yaml "
        "for dev",
        "values/prod.yaml:7:15: tiers.frontend.replicas: overrides the value of values/base.yaml "
        "for prod",
    ]


def test_a_value_removed_from_the_base_is_overridden_by_nothing(repository: Repository) -> None:
    done = repository.run("set", "base", "tiers.backend.metrics=null")
    assert done.returncode == 0, done.stderr
    assert "overrides" not in done.stdout


def test_nothing_is_written_if_one_environment_is_not_valid(repository: Repository) -> None:
    before = repository.files("values")
    repository.edit("values/prod.yaml", "replicas: 3", "replicas: three")
    broken = repository.files("values")
    done = repository.run("set", "dev", "prod", "tiers.backend.image.tag=2.2.0")
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        "values/prod.yaml:7:15: tiers.frontend.replicas: 'three' is not an integer" in done.stderr
    )
    assert repository.files("values") == broken != before


def test_the_base_is_validated_for_all_environments(repository: Repository) -> None:
    before = repository.files("values")
    done = repository.run("set", "base", "tiers.frontend.image.repository=null")
    assert done.returncode == 2
    for name in ("dev", "prod"):
        assert f"values/{name}.yaml" in done.stderr or "values/base.yaml" in done.stderr
    assert repository.files("values") == before


def with_group(repository: Repository) -> Repository:
    """The example, of which only dev is a member of the group eu."""
    repository.write(
        "values/groups/eu.yaml",
        "# Everything in Europe.\ntiers:\n  backend:\n    env: {REGION: eu}  # as AWS names it\n",
    )
    repository.write("values/groups/us.yaml", "{}\n")
    repository.write("values/dev.yaml", f"groups: [eu]\n{repository.read('values/dev.yaml')}")
    return repository


def test_a_group_and_what_overrides_it(repository: Repository) -> None:
    with_group(repository)
    arguments = ("tiers.backend.env.REGION=eu-west-1", "tiers.frontend.replicas=4")
    done = repository.run("set", "group:eu", *arguments)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "values/groups/eu.yaml:4:19: tiers.backend.env.REGION: 'eu' -> 'eu-west-1'",
        "values/groups/eu.yaml:6:15: tiers.frontend.replicas: 2 -> 4",
        "values/dev.yaml:8:15: tiers.frontend.replicas: overrides the value of "
        "values/groups/eu.yaml for dev",
    ]
    assert "{REGION: eu-west-1}  # as AWS names it" in repository.read("values/groups/eu.yaml")


def test_a_value_removed_from_a_group_falls_back_to_the_base(repository: Repository) -> None:
    repository.edit("values/base.yaml", "port: 8080\n    path: /api", "port: 8081\n    path: /api")
    with_group(repository)
    assert repository.run("set", "group:eu", "tiers.backend.port=9000").returncode == 0
    repository.edit("values/groups/eu.yaml", "    port: '9000'\n".replace("'", ""), "")
    done = repository.run("set", "base", "tiers.backend.port=8082")
    assert done.stdout.splitlines() == [
        "values/base.yaml:16:11: tiers.backend.port: 8081 -> 8082",
    ]


def test_a_group_is_validated_for_its_members(repository: Repository) -> None:
    with_group(repository)
    before = repository.files("values")
    done = repository.run("set", "group:eu", "tiers.backend.replicas=3", "tiers.new.port=80")
    assert done.returncode == 2
    assert "values/dev.yaml" in done.stderr or "values/groups/eu.yaml" in done.stderr
    assert "values/prod.yaml" not in done.stderr
    assert repository.files("values") == before


def test_groups_can_be_named(repository: Repository) -> None:
    with_group(repository)
    done = repository.run("set", "prod", "groups=[eu, us]", "--dry-run")
    assert done.stdout.splitlines()[0].endswith("groups: null -> ['eu', 'us']"), done.stdout
    refused = repository.run("set", "prod", "groups=[eu, uss]")
    assert refused.returncode == 2
    assert "values/groups/uss.yaml does not exist; did you mean 'us'?" in refused.stderr
    nested = repository.run("set", "group:eu", "groups=[us]")
    assert nested.returncode == 2
    assert "groups: a group has no groups" in nested.stderr


def test_groups_that_do_not_exist(repository: Repository) -> None:
    with_group(repository)
    for name, message in (
        ("group:uss", "'uss' is not a group"),
        ("group:../base", "'../base' cannot be the name of a group"),
        ("group:", "'' cannot be the name of a group"),
    ):
        done = repository.run("set", name, "tiers.backend.replicas=3")
        assert (done.returncode, done.stdout) == (2, "")
        assert message in done.stderr


def test_one_file_that_is_a_link_keeps_the_others(repository: Repository) -> None:
    repository.path("values/prod.yaml").rename(repository.path("prod.yaml"))
    repository.path("values/prod.yaml").symlink_to("../prod.yaml")
    before = repository.read("values/dev.yaml")
    done = repository.run("set", "dev", "prod", "tiers.frontend.replicas=4")
    assert done.returncode == 2
    assert "values/prod.yaml:1:1: is not a regular file" in done.stderr
    assert repository.read("values/dev.yaml") == before


def test_a_dry_run_writes_nothing(repository: Repository) -> None:
    before = repository.files()
    done = repository.run("set", "dev", "tiers.frontend.replicas=4", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "values/dev.yaml:7:15: tiers.frontend.replicas: 1 -> 4",
        "nothing was written (--dry-run)",
    ]
    assert repository.files() == before


def test_a_new_map_is_printed_in_full(repository: Repository) -> None:
    done = repository.run("set", "dev", NEW_TIER)
    assert done.returncode == 0, done.stderr
    assert done.stdout == (
        "values/dev.yaml:14:5: tiers.mail: null -> {image: {repository: 'ghcr.io/acme/mail', "
        "tag: '1'}, env: {PORT: '8080'}}\n"
    )
    removed = repository.run("set", "dev", "tiers.mail=null")
    assert removed.stdout.endswith("tag: '1'}, env: {PORT: '8080'}} -> null\n")


def test_a_secret_is_not_printed(repository: Repository) -> None:
    secret = "hunter2hunter2"
    new = f"tiers.mail={{image: {{repository: a/b, tag: '1'}}, env: {{DB_PASSWORD: {secret}}}}}"
    done = repository.run("set", "dev", new, "--dry-run")
    assert done.returncode == 2
    assert secret not in done.stdout + done.stderr


def test_a_key_with_dots_is_quoted(repository: Repository) -> None:
    path = 'tiers.backend.podLabels."acme.example/team"'
    done = repository.run("set", "dev", "prod", f"{path}=checkout")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(f"{path}: null -> 'checkout'") == 2


def test_an_unquoted_value_that_is_equal_stays(repository: Repository) -> None:
    repository.edit("values/dev.yaml", "replicas: 1", "replicas: 1\n    env: {PORT: 8080}")
    before = repository.read("values/dev.yaml")
    done = repository.run("set", "dev", "tiers.frontend.env.PORT=8080")
    assert (done.returncode, done.stdout) == (0, "values/dev.yaml: no change\n")
    assert repository.read("values/dev.yaml") == before


def test_a_word_that_is_not_an_environment(repository: Repository) -> None:
    done = repository.run("set", "dev", "prd", "tiers.frontend.replicas=4")
    assert done.returncode == 2
    assert "values/prd.yaml:1:1: no such file" in done.stderr
    assert "did you mean 'prod'?" in done.stderr
    only_names = repository.run("set", "dev", "prod")
    assert "there is no '='; write PATH=VALUE" in only_names.stderr


def test_a_refusal_in_json_names_all_environments(repository: Repository) -> None:
    done = repository.run("set", "dev", "prod", "tiers.frontend.replicas=x", "--format", "json")
    found = json.loads(done.stdout)
    assert found["environments"] == ["dev", "prod"]
    assert {one["file"] for one in found["findings"]} == {"values/dev.yaml", "values/prod.yaml"}


def test_two_at_once_both_take_effect(repository: Repository) -> None:
    running = [
        repository.start("set", "dev", "prod", f"tiers.{tier}.image.tag=9.{tier}")
        for tier in ("frontend", "backend")
    ]
    assert [one.wait() for one in running] == [0, 0]
    for one in running:
        one.communicate()
    for name in ("dev", "prod"):
        text = repository.read(f"values/{name}.yaml")
        assert "tag: 9.frontend" in text
        assert "tag: 9.backend" in text
