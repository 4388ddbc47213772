"""What the reader finds in the files of an environment.

environment/ is a small repository; every file in invalid/ is refused with the message that its
first line names.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen import yaml
from gitops_gen.errors import InvalidInput
from gitops_gen.objects.reading import is_application, read_environment, sync_wave
from gitops_gen.revisions import WorkTree
from tests.repository import ROOT

HERE = Path(__file__).parent
INVALID = sorted((HERE / "invalid").glob("*.yaml"))


def test_an_environment_is_read_in_the_order_of_its_sync_waves() -> None:
    found = read_environment(WorkTree(str(HERE / "environment")), "dev")
    assert [str(item) for item in found.bootstrap] == [
        "AppProject argocd/bootstrap",
        "Application argocd/root",
    ]
    assert [(item.component, sync_wave(item)) for item in found.applications] == [
        ("web-metrics", -10),
        ("web", 20),
    ]
    assert [(item.component, str(item)) for item in found.objects] == [
        ("web-metrics", "ServiceMonitor web"),
        ("web", "ConfigMap elsewhere/web"),
        ("web", "Deployment app/web"),
        ("web", "ServiceAccount app/web"),
    ]
    assert list(found) == [*found.bootstrap, *found.applications, *found.objects]


def test_an_object_knows_its_file_its_api_version_and_its_value() -> None:
    found = read_environment(WorkTree(str(HERE / "environment")), "dev")
    [deployment] = [item for item in found.of("web") if item.id.kind == "Deployment"]
    assert deployment.id.group == "apps"
    assert deployment.api_version == "apps/v1"
    assert deployment.file == "rendered/dev/manifests/web/app/deployment-web.yaml"
    assert deployment.value["spec"] == {"replicas": 2}


def test_an_environment_that_was_never_rendered_has_no_objects(tmp_path: Path) -> None:
    assert not list(read_environment(WorkTree(str(tmp_path)), "dev"))


@pytest.mark.parametrize("file", INVALID, ids=lambda file: file.stem)
def test_a_file_that_holds_something_else_is_refused(file: Path, tmp_path: Path) -> None:
    path = "rendered/dev/manifests/web/file.yaml"
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_bytes(file.read_bytes())
    message = file.read_text().splitlines()[0].removeprefix("# message: ")
    with pytest.raises(InvalidInput) as refused:
        read_environment(WorkTree(str(tmp_path)), "dev")
    assert str(refused.value) == f"{path}:1:1: {message}"


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_every_object_of_the_example_is_read_once(environment: str) -> None:
    found = read_environment(WorkTree(str(ROOT)), environment)
    ids = [item.id for item in found]
    assert len(set(ids)) == len(ids)
    assert found.objects
    components = {item.component for item in found.applications if is_application(item.id)}
    assert {item.component for item in found.objects} <= components
    for item in found:
        assert item.value in yaml.documents((ROOT / item.file).read_bytes())
