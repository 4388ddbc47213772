"""The rendered image is the one of the highest layer that sets an image."""

from __future__ import annotations

from tests.repository import Repository

OLD = f"sha256:{'a' * 64}"
NEW = f"sha256:{'b' * 64}"


def pin_in_base(repository: Repository) -> None:
    """values/base.yaml sets the tag and the digest of the backend and of the Postgres exporter."""
    backend = "      repository: ghcr.io/acme/backend\n"
    pinned = f'{backend}      tag: 1.0.0\n      digest: "{OLD}"\n'
    text = repository.read("values/base.yaml").replace(backend, pinned)
    exporter = f'{{tag: v1.0.0, digest: "{OLD}"}}'
    repository.write("values/base.yaml", f"{text}postgres: {{metrics: {{image: {exporter}}}}}\n")


def images(repository: Repository) -> dict[str, str]:
    repository.render("prod")
    deployments = repository.manifests("prod").all("Deployment")
    specs = {one["metadata"]["name"]: one["spec"]["template"]["spec"] for one in deployments}
    return {name: spec["containers"][0]["image"] for name, spec in specs.items()}


def test_a_tag_removes_the_digest_of_a_lower_layer(repository: Repository) -> None:
    pin_in_base(repository)
    assert images(repository)["backend"] == "ghcr.io/acme/backend:2.0.1"


def test_a_reference_of_one_layer_is_not_changed(repository: Repository) -> None:
    pin_in_base(repository)
    exporter = "quay.io/prometheuscommunity/postgres-exporter"
    assert images(repository)["postgres-exporter"] == f"{exporter}:v1.0.0@{OLD}"


def test_a_digest_removes_the_tag_of_a_lower_layer(repository: Repository) -> None:
    pin_in_base(repository)
    text = repository.read("values/prod.yaml").replace("tag: 2.0.1", f'digest: "{NEW}"')
    repository.write("values/prod.yaml", text)
    assert images(repository)["backend"] == f"ghcr.io/acme/backend@{NEW}"


def test_set_of_a_digest_removes_and_reports_the_tag(repository: Repository) -> None:
    done = repository.run("set", "prod", f"tiers.backend.image.digest={NEW}")
    assert done.stdout.splitlines() == [
        f"values/prod.yaml:11:15: tiers.backend.image.digest: null -> '{NEW}'",
        "values/prod.yaml:11:15: tiers.backend.image.tag: '2.0.1' -> null "
        "(it belonged to the previous image)",
    ]
    assert images(repository)["backend"] == f"ghcr.io/acme/backend@{NEW}"


def test_set_of_a_tag_removes_and_reports_the_digest(repository: Repository) -> None:
    both = ("tiers.backend.image.tag=2.0.1", f"tiers.backend.image.digest={OLD}")
    done = repository.run("set", "prod", *both)
    assert done.returncode == 0, done.stderr
    done = repository.run("set", "prod", "tiers.backend.image.tag=9.9.9")
    assert done.stdout.splitlines() == [
        "values/prod.yaml:11:12: tiers.backend.image.tag: '2.0.1' -> '9.9.9'",
        f"values/prod.yaml:11:12: tiers.backend.image.digest: '{OLD}' -> null "
        "(it belonged to the previous image)",
    ]
    assert OLD not in repository.read("values/prod.yaml")
    assert images(repository)["backend"] == "ghcr.io/acme/backend:9.9.9"
