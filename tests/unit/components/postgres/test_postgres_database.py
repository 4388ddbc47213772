"""The database in the cluster: the protection of its data, and its availability."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen.components.types import Namespace
from tests.unit.components.first_party.rendering import Example, Object, Render

VALID = Path(__file__).parent / "valid"
KEPT_BY_ARGO_CD = {
    "argocd.argoproj.io/sync-options": "Prune=false,Delete=false",
    "argocd.argoproj.io/compare-options": "IgnoreExtraneous",
}
KEEP = {**KEPT_BY_ARGO_CD, "helm.sh/resource-policy": "keep"}


@pytest.fixture
def plain(rendered: Render) -> Example:
    return rendered(VALID / "nothing-said.yaml")


@pytest.fixture
def full(rendered: Render) -> Example:
    return rendered(VALID / "everything.yaml")


def container(example: Example) -> Object:
    pod = example.one("StatefulSet")["spec"]["template"]["spec"]
    only: Object = pod["containers"][0]
    assert len(pod["containers"]) == 1
    return only


def test_a_volume_of_5gi_gp2_behind_a_headless_service(plain: Example) -> None:
    spec = plain.one("StatefulSet", "postgres", "database")["spec"]
    claim = spec["volumeClaimTemplates"][0]
    assert claim["spec"]["resources"] == {"requests": {"storage": "5Gi"}}
    assert claim["spec"]["storageClassName"] == "gp2"
    service = plain.one("Service", "postgres", "database")["spec"]
    assert service["clusterIP"] == "None"
    assert spec["serviceName"] == "postgres"
    assert service["selector"] == spec["selector"]["matchLabels"]
    assert service["selector"].items() <= spec["template"]["metadata"]["labels"].items()


def test_the_claim_template_is_equal_to_the_stored_one(plain: Example) -> None:
    claim = plain.one("StatefulSet")["spec"]["volumeClaimTemplates"][0]
    assert claim["apiVersion"] == "v1"
    assert claim["kind"] == "PersistentVolumeClaim"
    assert claim["spec"]["volumeMode"] == "Filesystem"
    assert claim["status"] == {"phase": "Pending"}


def test_objects_that_the_data_requires_are_neither_pruned_nor_deleted(plain: Example) -> None:
    needed = [
        plain.one("StatefulSet"),
        plain.one("Service", "postgres", "database"),
        plain.one("ServiceAccount", "postgres"),
        plain.one("ConfigMap", "postgres"),
        plain.one("ConfigMap", "postgres-init"),
    ]
    for item in needed:
        assert item["metadata"]["annotations"].items() >= KEEP.items()
    retention = plain.one("StatefulSet")["spec"]["persistentVolumeClaimRetentionPolicy"]
    assert retention == {"whenDeleted": "Retain", "whenScaled": "Retain"}
    declared = plain.components["postgres"].namespaces
    assert Namespace("database", holds_data=True, isolated=True) in declared


def test_the_claim_template_never_changes(plain: Example) -> None:
    """If it changed, the API server would refuse the update in every cluster with the database."""
    claim = plain.one("StatefulSet")["spec"]["volumeClaimTemplates"][0]
    assert claim["metadata"] == {
        "name": "data",
        "labels": {
            "app.kubernetes.io/name": "postgres",
            "app.kubernetes.io/instance": "postgres",
        },
        "annotations": KEPT_BY_ARGO_CD,
    }


def test_the_data_is_in_a_subfolder_of_the_volume(plain: Example) -> None:
    env = {variable["name"]: variable["value"] for variable in container(plain)["env"]}
    mounts = {mount["name"]: mount["mountPath"] for mount in container(plain)["volumeMounts"]}
    assert env["PGDATA"].startswith(mounts["data"] + "/")
    assert {"/tmp", "/var/run/postgresql", "/dev/shm"} <= set(mounts.values())
    pod = plain.one("StatefulSet")["spec"]["template"]["spec"]
    assert pod["securityContext"]["fsGroupChangePolicy"] == "OnRootMismatch"


def test_the_password_is_a_file_from_the_secret(full: Example) -> None:
    env = {variable["name"]: variable["value"] for variable in container(full)["env"]}
    mounts = {mount["mountPath"]: mount["name"] for mount in container(full)["volumeMounts"]}
    folder, _, file = env["POSTGRES_PASSWORD_FILE"].rpartition("/")
    volumes = full.one("StatefulSet")["spec"]["template"]["spec"]["volumes"]
    secret = next(volume for volume in volumes if volume["name"] == mounts[folder])["secret"]
    assert secret["secretName"] == "shop-database"
    assert secret["items"] == [{"key": "password", "path": file}]


def test_secrets_that_must_exist(full: Example) -> None:
    brought = {(s.namespace, s.name, s.keys) for s in full.components["postgres"].secrets}
    assert brought == {
        ("app", "shop-database", ("password",)),
        ("data", "shop-database", ("password",)),
        ("data", "registry", (".dockerconfigjson",)),
    }
    assert all(s.purpose for s in full.components["postgres"].secrets)


def test_time_to_recover_and_to_shut_down(full: Example, plain: Example) -> None:
    startup = container(plain)["startupProbe"]
    assert startup["periodSeconds"] * startup["failureThreshold"] >= 1800
    # pg_isready exits with 1 while the server recovers. It must not be killed then.
    assert container(plain)["livenessProbe"]["exec"]["command"][-1].endswith("|| test $? -eq 1")
    grace = "terminationGracePeriodSeconds"
    assert plain.one("StatefulSet")["spec"]["template"]["spec"][grace] == 120
    assert full.one("StatefulSet")["spec"]["template"]["spec"][grace] == 300


def test_nothing_blocks_a_drain(full: Example) -> None:
    assert not full.all("PodDisruptionBudget")


def settings(example: Example) -> dict[str, str]:
    text = example.one("ConfigMap", "postgres")["data"]["postgresql.conf"]
    return dict(line.split(" = ", 1) for line in text.splitlines())


def test_settings_are_merged_over_defaults(plain: Example) -> None:
    assert settings(plain)["shared_buffers"] == "'256MB'"
    assert settings(plain)["listen_addresses"] == "'*'"
    assert settings(plain)["random_page_cost"] == "1.1"


def test_configuration_of_the_user(full: Example) -> None:
    ours = settings(full)
    assert ours["shared_buffers"] == "'2048MB'"
    assert ours["max_connections"] == "300"
    assert ours["jit"] == "off"
    assert ours["port"] == "6432"
    assert "log_temp_files" not in ours
    quoted = r"""'cp "%p" ''/archive/%f'' \\ # all of it'"""
    assert ours["archive_command"] == quoted


def test_a_new_configuration_restarts_postgres(plain: Example, rendered: Render) -> None:
    def checksum(example: Example) -> str:
        template = example.one("StatefulSet")["spec"]["template"]
        return str(template["metadata"]["annotations"]["checksum/config"])

    before = checksum(plain)
    assert checksum(rendered(VALID / "everything.yaml")) != before
    assert checksum(rendered(VALID / "two-namespaces.yaml")) == before


def test_a_digest_removes_the_default_tag(plain: Example, full: Example) -> None:
    assert "@sha256:" in container(plain)["image"]
    assert container(full)["image"] == "registry.example.com/postgres:18.1-trixie"


def test_the_role_of_tiers_is_not_a_superuser_and_superusers_cannot_connect(plain: Example) -> None:
    script = plain.one("ConfigMap", "postgres-init")["data"]["10-application.sh"]
    assert "SUPERUSER" not in script.upper().replace("NO SUPERUSER", "").replace(
        "THE SUPERUSER", ""
    )
    assert "ALTER ROLE postgres PASSWORD NULL" in script
    access = plain.one("ConfigMap", "postgres")["data"]["pg_hba.conf"].splitlines()
    assert access.index("host all postgres all reject") < access.index(
        "host all all all scram-sha-256"
    )


def test_scheduling(full: Example) -> None:
    pod = full.one("StatefulSet")["spec"]["template"]["spec"]
    assert pod["nodeSelector"] == {"workload": "database"}
    assert pod["priorityClassName"] == "database"
    assert pod["imagePullSecrets"] == [{"name": "registry"}]


def test_switched_off(rendered: Render) -> None:
    assert "postgres" not in rendered(VALID / "off.yaml").components
