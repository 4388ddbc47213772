"""Each object that Helm prints for a locked chart is written, or counted in the report."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from typing import Any

import pytest

from gitops_gen import yaml
from tests.locked_charts import NAMESPACE, LockedCharts
from tests.repository import Object

PROTECTED = {
    "argocd.argoproj.io/compare-options": "IgnoreExtraneous",
    "argocd.argoproj.io/sync-options": "Prune=false,Delete=false",
    "helm.sh/resource-policy": "keep",
}
CLUSTER_SCOPED = {"ClusterRole", "CustomResourceDefinition", "Depot"}


def printed(locked: LockedCharts, name: str) -> list[Object]:
    """What Helm itself prints, with lists replaced by their items."""
    command = [locked.repository.helm, "template", name, "--namespace", NAMESPACE]
    command += ["--include-crds", "--kube-version", "1.35"]
    archive = f"charts/upstream/vendor/{name}-{locked.charts[name].version}.tgz"
    output = subprocess.run(
        [*command, archive], cwd=locked.repository.root, capture_output=True, check=True
    ).stdout
    documents = [item for item in yaml.documents(output) if item is not None]
    return [item for one in documents for item in one.get("items", [one])]


def as_installed(item: Object) -> str:
    """The object as Helm installs it: in a namespace, without what protects it from Argo CD."""
    metadata = dict(item["metadata"])
    metadata.pop("namespace", None)
    if item["kind"] not in CLUSTER_SCOPED:
        metadata["namespace"] = item["metadata"].get("namespace", NAMESPACE)
    own = {"ServerSideApply=true", *PROTECTED.values()}
    kept = {
        key: text
        for key, text in metadata.pop("annotations", {}).items()
        if key not in PROTECTED or text.removesuffix(",ServerSideApply=true") not in own
    }
    return json.dumps({**item, "metadata": {**metadata, "annotations": kept}}, sort_keys=True)


@pytest.mark.parametrize(
    ("name", "tests", "hooks"),
    [
        ("many-parts", 1, 1),
        ("plain", 0, 0),
        ("hooks", 1, 0),
        ("list", 0, 0),
        ("large-crd", 0, 0),
        ("scalar-equals", 0, 0),
        ("two-namespaces", 0, 0),
        ("with-subchart", 0, 0),
        ("only-crds", 0, 0),
        ("own-crd", 0, 0),
    ],
)
def test_every_object_is_written_or_counted(
    locked: LockedCharts, name: str, tests: int, hooks: int
) -> None:
    locked.add(name)
    done = locked.repository.run("render", "--format", "json")
    assert done.returncode == 0, done.stdout + done.stderr
    [report] = json.loads(done.stdout)["render"][0]["charts"]
    assert report["leftOut"] == {"tests": tests, "hooks": hooks}

    from_helm = Counter(map(as_installed, printed(locked, name)))
    folders = [name] if name.endswith("-crds") else [name, f"{name}-crds"]
    files = Counter(
        as_installed(item) for folder in folders for item in locked.objects_of(folder).values()
    )
    left_out = from_helm - files
    assert files - from_helm == Counter()
    assert left_out.total() == tests + hooks
    assert report["objects"] + report["crds"] + tests + hooks == from_helm.total()


@pytest.fixture
def parts(locked: LockedCharts) -> LockedCharts:
    locked.add("many-parts")
    locked.repository.render()
    return locked


def test_crds_have_an_application_of_their_own_that_is_synced_first(parts: LockedCharts) -> None:
    crds, others = parts.objects_of("many-parts-crds"), parts.objects_of("many-parts")
    assert {item["kind"] for item in crds.values()} == {"CustomResourceDefinition"}
    assert "CustomResourceDefinition" not in {item["kind"] for item in others.values()}
    for item in crds.values():
        assert item["metadata"]["annotations"] == PROTECTED
    application = parts.repository.application("dev", "many-parts-crds")
    assert application["spec"]["source"]["path"] == "rendered/dev/manifests/many-parts-crds"
    assert "ServerSideApply=true" in application["spec"]["syncPolicy"]["syncOptions"]
    assert parts.repository.wave("dev", "many-parts-crds") == -30
    assert parts.repository.wave("dev", "many-parts") > -30


def test_the_application_reads_the_manifests_and_not_the_chart(parts: LockedCharts) -> None:
    source = parts.repository.application("dev", "many-parts")["spec"]["source"]
    assert source["path"] == "rendered/dev/manifests/many-parts"
    assert "chart" not in source
    project = parts.repository.argocd("dev").one("AppProject", "dev")
    assert "https://charts.example.org" not in project["spec"]["sourceRepos"]


def test_namespaces_are_those_of_the_api_server(parts: LockedCharts) -> None:
    files = parts.objects_of("many-parts")
    assert set(files) == {
        "clusterrole-parts.yaml",
        "depot-main_parts.example.org.yaml",
        "left/role-worker.yaml",
        "parts/configmap-listed-one.yaml",
        "parts/configmap-listed-two.yaml",
        "parts/crate-first_parts.example.org.yaml",
        "parts/deployment-many-parts.yaml",
        "parts/job-prepare.yaml",
        "right/role-worker.yaml",
    }
    for path, item in files.items():
        namespace = path.partition("/")[0] if "/" in path else None
        assert item["metadata"].get("namespace") == namespace


def test_a_chart_of_crds_alone_has_one_application(locked: LockedCharts) -> None:
    locked.add("only-crds")
    locked.repository.render()
    assert len(locked.objects_of("only-crds")) == 1
    assert not locked.repository.path("argocd/dev/apps/only-crds-crds.yaml").exists()


def test_a_large_crd_is_applied_by_the_server(locked: LockedCharts) -> None:
    locked.add("large-crd")
    locked.repository.render()
    [crd] = locked.objects_of("large-crd-crds").values()
    options = crd["metadata"]["annotations"]["argocd.argoproj.io/sync-options"]
    assert options == "Prune=false,Delete=false,ServerSideApply=true"


def test_the_report_counts_what_was_left_out(locked: LockedCharts) -> None:
    locked.add("many-parts")
    output = locked.repository.render()
    assert (
        "chart many-parts 1.0.0: 9 objects (of which 1 hook), 2 CRDs; left out: 1 test, 1 hook "
        "that Argo CD does not have" in output
    )


def config_of(locked: LockedCharts, name: str) -> dict[str, Any]:
    data: dict[str, Any] = locked.objects_of(name)[f"{NAMESPACE}/configmap-monitor.yaml"]["data"]
    return data


def test_helm_knows_the_apis_of_kubernetes_and_of_the_environment(locked: LockedCharts) -> None:
    locked.add("reads-api-versions")
    locked.repository.render()
    assert config_of(locked, "reads-api-versions") == {
        "budgets": "true",
        "monitors": "true",
        "removed": "false",
        "version": "v1.35",
    }
    assert len(locked.objects_of("reads-api-versions")) == 1
    locked.add("many-parts")
    locked.repository.render()
    assert f"{NAMESPACE}/crate-monitor_parts.example.org.yaml" in locked.objects_of(
        "reads-api-versions"
    )
