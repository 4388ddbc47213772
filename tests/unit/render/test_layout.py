"""File names are readable and stable, and no two objects have the same file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.model import ObjectId
from gitops_gen.objects.layout import PLAIN_GROUPS, manifest


@pytest.mark.parametrize(
    ("identity", "path"),
    [
        (ObjectId("apps", "Deployment", "app", "backend"), "app/deployment-backend.yaml"),
        (ObjectId("", "Namespace", "", "database"), "namespace-database.yaml"),
        (ObjectId("", "ConfigMap", "app", "a.b-c"), "app/configmap-a.b-c.yaml"),
        (
            ObjectId("monitoring.coreos.com", "ServiceMonitor", "app", "x"),
            "app/servicemonitor-x.yaml",
        ),
        (
            ObjectId("serving.knative.dev", "Service", "app", "x"),
            "app/service-x_serving.knative.dev.yaml",
        ),
    ],
)
def test_ordinary_names_are_unchanged(identity: ObjectId, path: str) -> None:
    assert manifest(identity) == path


@pytest.mark.parametrize(
    "name", ["system:node", "System-Node", "a/b", "a~b", "a_b", "ß", "İ", "a\nb", "x" * 240]
)
def test_other_names_are_readable_and_unique_by_a_digest(name: str) -> None:
    path = manifest(ObjectId("rbac.authorization.k8s.io", "Role", "app", name))
    folder, file = path.split("/")
    assert folder == "app"
    assert file.startswith("role-")
    assert file.isascii()
    assert "~" in file


# Names and groups that the API server allows, and additional names of RBAC objects.
namespaces = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", fullmatch=True) | st.just("")
plain = st.from_regex(r"[a-z0-9]([a-z0-9.-]{0,20}[a-z0-9])?", fullmatch=True)
long = st.builds(lambda n, last: "a" * n + last, st.integers(180, 252), st.sampled_from("ab"))
ours = st.sampled_from(
    [("", "Service"), ("", "ConfigMap"), ("apps", "Deployment"), ("batch", "Job")]
)
groups = st.sampled_from(["serving.knative.dev", "example.com", "a.b", "A.b"]) | plain
# Kinds of one group that differ only in letter case are refused by `one_owner`.
kinds = st.sampled_from(["Service", "ConfigMap", "A", "A-B", "AB", "A-B-C"])
foreign = st.tuples(groups.filter(lambda group: group not in PLAIN_GROUPS), kinds)
odd = st.text(min_size=1, max_size=12) | st.sampled_from(["b-c", "c", "B-C", "b_c"])
names = plain | long | odd
identities = st.builds(
    lambda kind, *rest: ObjectId(*kind, *rest), ours | foreign, namespaces, names
)


@given(st.lists(identities, min_size=2, max_size=30, unique=True))
def test_different_objects_have_different_files_on_any_file_system(
    objects: list[ObjectId],
) -> None:
    paths = [manifest(identity).casefold() for identity in objects]
    assert len(set(paths)) == len(objects)


@given(identities)
def test_each_part_fits_every_file_system(identity: ObjectId) -> None:
    path = manifest(identity)
    parts = path.split("/")
    assert len(parts) == (2 if identity.namespace else 1)
    assert all(0 < len(part.encode()) < 255 for part in parts)
    assert path.isascii()
    assert path.isprintable()
    assert not path.startswith((".", "-", "/"))
    assert path.endswith(".yaml")
