"""What stops the render of a locked chart before a file is written, or is reported about it."""

from __future__ import annotations

import pytest

from tests.locked_charts import SOURCE, LockedCharts


def refused(locked: LockedCharts, *names: str, **section: object) -> str:
    """The message of a render that writes nothing."""
    locked.add(*names, **section)
    done = locked.repository.run("render")
    assert done.returncode == 2, done.stdout + done.stderr
    assert not locked.repository.path("rendered").exists()
    return done.stderr


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "random-secret",
            "random-secret/templates/secret.yaml renders Secret random-secret-admin with a "
            "different result at every render in data.password",
        ),
        (
            "generated-certificate",
            "generated-certificate/templates/webhook.yaml renders Secret "
            'generated-certificate-tls with a different result at every render in data."tls.crt"',
        ),
        ("lookup", "renders Secret kept with a different result at every render in data.token"),
        ("fixed-secret", 'Secret parts/receivers with its data in stringData."alertmanager.yaml"'),
        ("failing-template", "set url, the address of the service"),
        ("newer-kubernetes", "chart requires kubeVersion"),
        ("unknown-kind", "a kind that neither Kubernetes nor a CustomResourceDefinition"),
        ("large-file", "'large-file/files/large.txt' is larger than 5 MiB"),
    ],
)
def test_charts_that_cannot_be_committed(locked: LockedCharts, name: str, words: str) -> None:
    message = refused(locked, name)
    assert words in message
    assert message.startswith(("values/dev.yaml:", "large-file-1.0.0.tgz:"))
    assert "/dev/shm" not in message


def test_values_that_the_schema_of_the_chart_refuses(locked: LockedCharts) -> None:
    message = refused(locked, "strict-schema", values={"replicas": "many"})
    assert "addons.strict-schema.values.replicas: 'many' is not an integer" in message


def test_a_key_that_a_strict_chart_no_longer_has(locked: LockedCharts) -> None:
    message = refused(locked, "strict-schema", values={"replicaCount": 2})
    assert (
        "values.replicaCount: the schema of strict-schema 1.0.0 does not admit "
        "this key; did you mean 'replicas'?"
    ) in message


def test_the_time_in_a_value_that_the_chart_evaluates(locked: LockedCharts) -> None:
    message = refused(locked, "evaluated-values", values={"at": '{{ now | date "2006" }}'})
    assert "addons.evaluated-values.values.at: calls date, now" in message


def test_values_with_which_a_chart_generates_nothing(locked: LockedCharts) -> None:
    locked.add("random-secret", values={"existingSecret": "admin"})
    locked.add("generated-certificate", values={"enableCertManager": True})
    done = locked.repository.run("render")
    # A Secret is all that the chart can render.
    assert "addons.random-secret: renders no object" in done.stderr
    locked.add("random-secret", enabled=False)
    locked.repository.render()
    assert list(locked.objects_of("generated-certificate")) == [
        "validatingwebhookconfiguration-generated-certificate.yaml"
    ]


def test_a_chart_that_can_ask_for_the_year(locked: LockedCharts) -> None:
    locked.add("year")
    output = locked.repository.render()
    assert "warning: addons.year: year 1.0.0 can call dateInZone, now" in output


EXCEPTION = {
    "rule": "repository-chart-secret-data",
    "object": "Secret parts/receivers",
    "field": 'stringData."alertmanager.yaml"',
    "reason": "The routes contain no secret.",
}


def test_an_exception_names_the_object_and_the_field(locked: LockedCharts) -> None:
    locked.add("fixed-secret")
    locked.write_values(ignore=[EXCEPTION])
    assert "excused: repository-chart-secret-data" in locked.repository.render()
    assert len(locked.objects_of("fixed-secret")) == 1


@pytest.mark.parametrize("change", [{"field": None}, {"field": "stringData.other"}])
def test_an_exception_without_the_field_excuses_nothing(
    locked: LockedCharts, change: dict[str, str | None]
) -> None:
    locked.add("fixed-secret")
    entry = {key: text for key, text in {**EXCEPTION, **change}.items() if text}
    locked.write_values(ignore=[entry])
    done = locked.repository.run("render")
    assert done.returncode == 2
    assert "Secret parts/receivers with its data in stringData" in done.stderr


def test_the_severity_of_key_material_cannot_be_changed(locked: LockedCharts) -> None:
    locked.add("fixed-secret")
    locked.write_values(severities={"repository-chart-secret-data": "note"})
    assert locked.repository.run("render").returncode == 2


def test_a_chart_that_is_not_locked(locked: LockedCharts) -> None:
    locked.add("plain", delivery="manifests")
    locked.repository.path("charts/upstream/charts.lock").unlink()
    done = locked.repository.run("render")
    assert done.returncode == 2
    assert "addons.plain.delivery: the chart plain 1.0.0 is not locked; run" in done.stderr


def test_a_locked_chart_that_argo_cd_renders(locked: LockedCharts) -> None:
    locked.add("plain", delivery="chart")
    output = locked.repository.render()
    assert "warning: addons.plain.delivery: Argo CD renders the chart" in output
    assert locked.repository.application("dev", "plain")["spec"]["source"]["repoURL"] == SOURCE


def test_a_chart_in_the_repository_has_no_delivery(locked: LockedCharts) -> None:
    locked.addons["own"] = {"path": "charts/own", "namespace": "own", "delivery": "chart"}
    locked.write_values()
    assert "cannot be combined with path" in locked.repository.run("render").stderr


def test_an_archive_with_another_digest_is_never_rendered(locked: LockedCharts) -> None:
    locked.add("plain")
    archive = locked.repository.path("charts/upstream/vendor/plain-1.0.0.tgz")
    archive.write_bytes(archive.read_bytes() + b"\0")
    done = locked.repository.run("--offline", "render")
    assert done.returncode != 0
    assert not locked.repository.path("rendered").exists()


def test_check_without_the_archive_uses_files_that_are_up_to_date(locked: LockedCharts) -> None:
    locked.add("plain")
    locked.repository.render()
    # The first render writes no stamp if the files are as new as its start.
    locked.repository.render()
    locked.repository.path("charts/upstream/vendor/plain-1.0.0.tgz").unlink()
    before = locked.repository.run("check", "--format", "json")
    assert "chart-archive-missing" not in before.stdout
    locked.repository.edit("values/dev.yaml", "addons:", "severities: {}\naddons:")
    after = locked.repository.run("check")
    assert "the archive of plain 1.0.0 is not on this machine" in after.stdout + after.stderr
