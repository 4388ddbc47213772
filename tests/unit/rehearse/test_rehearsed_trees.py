"""Which part of the example can be rehearsed."""

from __future__ import annotations

from pathlib import Path

from gitops_gen.components.types import NamedSecret
from gitops_gen.model import ObjectId
from gitops_gen.rehearse.placeholder_secrets import namespaces_and_secrets
from gitops_gen.rehearse.plan import Push, subject
from gitops_gen.rehearse.rehearsed_trees import not_rehearsed, read_trees
from gitops_gen.rehearse.result import Mode
from gitops_gen.rehearse.revision_facts import ComponentFacts, RevisionFacts
from gitops_gen.rehearse.servers.api import Resource
from tests.unit.rehearse.plans import BASE, LINE, PUSH, plan

TREES = read_trees(plan(Mode.FULL, BASE, PUSH))
TREE = TREES.by_push["push"]
UPSTREAM = {
    "aws-load-balancer-controller",
    "cert-manager",
    "kube-prometheus-stack",
    "prometheus-operator-crds",
}
CLUSTER_SCOPED = {("v1", "Namespace"): Resource("v1", "Namespace", "namespaces", namespaced=False)}


def test_charts_of_other_repositories_are_left_out() -> None:
    assert TREES.left_out_names == UPSTREAM
    [cert_manager] = [item for item in TREES.left_out if item.name == "cert-manager"]
    assert cert_manager.reason.startswith("chart cert-manager v")
    assert cert_manager.reason.endswith(": no network in a rehearsal")
    more = {item.name for item in not_rehearsed(TREES.left_out)} - UPSTREAM
    assert more == {"admission webhooks", "images"}


def test_the_crds_of_what_is_left_out_are_stood_in_for() -> None:
    assert TREES.groups == {"monitoring.coreos.com"}


def test_root_and_the_applications_that_are_not_left_out_are_expected() -> None:
    expected = {"root", "platform", "postgres", "backend", "frontend", "ingress"}
    assert TREES.expected(TREE) == expected


def test_what_is_rehearsed_comes_from_no_component_that_is_left_out() -> None:
    items = TREES.rehearsed(TREE, CLUSTER_SCOPED)
    assert {item.component for item in items} & UPSTREAM == set()
    assert ObjectId("apps", "Deployment", "app", "backend") in {item.id for item in items}


def test_git_owns_the_objects_of_every_tree() -> None:
    owned = TREES.owned(CLUSTER_SCOPED)
    assert {item.id for item in TREE.applications} <= owned
    assert ObjectId("", "Namespace", "", "app") in owned
    assert not {item.id for item in TREE.bootstrap} & owned


def test_the_kinds_of_the_objects_are_followed() -> None:
    assert {("apps/v1", "Deployment"), ("apps/v1", "StatefulSet")} <= TREES.kinds()
    assert not [kind for _, kind in TREES.kinds() if kind == "Application"]


def test_a_rehearsal_is_about_what_is_pushed_onto_the_base() -> None:
    revert = Push("revert", BASE.revision, BASE.root)
    assert subject([PUSH]) is PUSH
    assert subject([BASE, PUSH]) is PUSH
    assert subject([BASE, PUSH, revert]) is PUSH


def test_secrets_that_values_name_have_made_up_content() -> None:
    registry = NamedSecret("app", "registry", (".dockerconfigjson",), "to pull images")
    more = NamedSecret("database", "postgres-auth", ("user",), "the user of postgres")
    components = (ComponentFacts("backend", 20, "app", LINE, secrets=(registry, more)),)
    push = Push("base", "v1", Path(), RevisionFacts(components))
    namespaces, secrets = namespaces_and_secrets([PUSH, push])
    assert namespaces == ["app", "database"]
    assert [(s["metadata"]["name"], s["type"], s["stringData"]) for s in secrets] == [
        ("registry", "kubernetes.io/dockerconfigjson", {".dockerconfigjson": '{"auths":{}}'}),
        ("postgres-auth", "Opaque", {"password": "made-up", "user": "made-up"}),
    ]
