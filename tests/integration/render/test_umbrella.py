"""The umbrella chart can be used without gitops-gen: Helm renders the objects that Argo CD syncs.

Each file in environments/valid is an environment to which all tests apply.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from gitops_gen import yaml
from gitops_gen.components import catalogue
from gitops_gen.components.types import Component, Subchart
from gitops_gen.inputs import Loader
from gitops_gen.render.plan.plan import plan
from gitops_gen.revisions import WorkTree
from tests.repository import VARIATIONS, Object, Repository, load_all

NAMES = [file.stem for file in VARIATIONS]
EXAMPLE = ["dev", "prod"]

Identity = tuple[str, str, str, str]


def by_identity(items: Iterable[Object]) -> dict[Identity, Object]:
    found: dict[Identity, Object] = {}
    for item in items:
        metadata = item["metadata"]
        place = (item["apiVersion"], item["kind"], metadata.get("namespace", ""), metadata["name"])
        assert place not in found
        found[place] = item
    return found


def helm(repository: Repository, *arguments: str | Path) -> str:
    """Runs Helm in the usual way."""
    done = subprocess.run(
        [repository.helm, *map(str, arguments), "--kube-version", "1.35"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def templated(repository: Repository, *arguments: str | Path) -> dict[Identity, Object]:
    text = helm(repository, "template", "platform", *arguments)
    return by_identity(item for item in yaml.documents(text.encode()) if item)


@pytest.fixture(params=[*EXAMPLE, *NAMES])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def its(name: str, request: pytest.FixtureRequest) -> Repository:
    """The rendered repository with the environment."""
    repository = request.getfixturevalue("rendered" if name in EXAMPLE else "variations")
    assert isinstance(repository, Repository)
    return repository


def test_the_umbrella_passes_lint_and_renders_exactly_the_manifests(
    its: Repository, name: str
) -> None:
    umbrella = its.path(f"rendered/{name}/umbrella")
    assert "0 chart(s) failed" in helm(its, "lint", "--strict", umbrella)
    assert templated(its, umbrella) == by_identity(its.manifests(name).items)


def test_each_chart_renders_the_same_objects_without_the_umbrella(
    its: Repository, name: str, tmp_path: Path
) -> None:
    umbrella = its.path(f"rendered/{name}/umbrella")
    [sections], [chart] = (load_all(umbrella / file) for file in ("values.yaml", "Chart.yaml"))
    for dependency in chart["dependencies"]:
        alias = dependency["alias"]
        values = tmp_path / f"{alias}.json"
        values.write_text(json.dumps(sections[alias], ensure_ascii=False))
        alone = templated(its, umbrella / "charts" / dependency["name"], "--values", values)
        folder = its.path(f"rendered/{name}/manifests/{alias}")
        assert alone == by_identity(item for p in folder.rglob("*.yaml") for item in load_all(p))


def annotation(item: Object, name: str) -> str:
    return str(item["metadata"].get("annotations", {}).get(name, ""))


def kept_by_argo_cd(item: Object) -> bool:
    options = set(annotation(item, "argocd.argoproj.io/sync-options").split(","))
    both = {"Prune=false", "Delete=false"}
    assert not options & both or both <= options
    return both <= options


def kept_by_helm(item: Object) -> bool:
    """Whether `helm uninstall` keeps the object."""
    return annotation(item, "helm.sh/resource-policy") == "keep"


def test_helm_and_argo_cd_keep_the_same_objects(its: Repository, name: str) -> None:
    objects = templated(its, its.path(f"rendered/{name}/umbrella"))
    kept = {identity for identity, item in objects.items() if kept_by_argo_cd(item)}
    assert kept
    assert {identity for identity, item in objects.items() if kept_by_helm(item)} == kept


def test_objects_that_hold_data_are_kept(its: Repository, name: str) -> None:
    """This includes the namespace of the data, and the workload that serves it."""
    objects = templated(its, its.path(f"rendered/{name}/umbrella"))
    environment = Loader(WorkTree(str(its.root)), catalogue()).load(name).environment
    for item in plan(environment, catalogue()):
        for identity in holding_data(item.component):
            assert kept_by_helm(objects[identity]), identity


def holding_data(component: Component) -> Iterable[Identity]:
    for namespace in component.namespaces:
        if namespace.holds_data:
            yield "v1", "Namespace", "", namespace.name
    # The umbrella does not contain the workloads of charts that Argo CD downloads.
    for volume in component.volumes if isinstance(component.source, Subchart) else ():
        kind, _, name = (volume.workload or "").partition("/")
        assert kind == "statefulset"
        yield "apps/v1", "StatefulSet", volume.namespace, name


def test_objects_that_a_kept_stateful_set_requires_are_kept(its: Repository, name: str) -> None:
    """Otherwise its next Pod would be refused, or would never start."""
    objects = templated(its, its.path(f"rendered/{name}/umbrella"))
    for identity, item in objects.items():
        if identity[1] == "StatefulSet" and kept_by_helm(item):
            for place in names_of(item):
                named = [one for key, one in objects.items() if key[1:] == place]
                assert all(map(kept_by_helm, named)), place


def names_of(stateful_set: Object) -> set[tuple[str, str, str]]:
    """Returns kind, namespace and name of the objects that its Pods and its claims require.

    A Secret may be created by an ExternalSecret, which has the same name.
    """
    namespace, spec = stateful_set["metadata"]["namespace"], stateful_set["spec"]
    pod, claims = spec["template"]["spec"], spec["volumeClaimTemplates"]
    found = {
        ("Namespace", "", namespace),
        ("Service", namespace, spec["serviceName"]),
        ("ServiceAccount", namespace, pod["serviceAccountName"]),
        ("PriorityClass", "", pod.get("priorityClassName")),
        *(("StorageClass", "", claim["spec"]["storageClassName"]) for claim in claims),
    }
    for volume in pod["volumes"]:
        if "configMap" in volume:
            found.add(("ConfigMap", namespace, volume["configMap"]["name"]))
        if "secret" in volume:
            found.add(("Secret", namespace, volume["secret"]["secretName"]))
            found.add(("ExternalSecret", namespace, volume["secret"]["secretName"]))
    return found


def test_rendering_several_environments_at_once_gives_the_same_objects(
    variations: Repository, tmp_path: Path
) -> None:
    variations.render("--out", str(tmp_path / "apart"), "--jobs", str(len(NAMES)))
    apart = Repository(tmp_path / "apart", variations.helm)
    folders = ("rendered", "argocd")
    assert apart.files(*folders) == variations.files(*folders)


def test_no_subchart_has_default_values(
    rendered: Repository,
) -> None:
    charts = rendered.path("rendered/prod/umbrella/charts")
    assert len(list(charts.glob("*/Chart.yaml"))) == 4
    assert not list(charts.glob("*/values.yaml"))
    assert len(list(charts.glob("*/values.schema.json"))) == 4
