"""The objects in generated files, also if a file has any other content."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from gitops_gen.checks.rendered_files import RenderedFiles
from gitops_gen.errors import InvalidInput
from gitops_gen.revisions import WorkTree

FOLDER = "rendered/dev/manifests/shop"
OBJECT = b"apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n"


def files(content: bytes) -> RenderedFiles:
    return RenderedFiles.of_rendering("dev", {f"{FOLDER}/service-web.yaml": content})


def names(content: bytes) -> list[str]:
    return [str(item) for item in files(content).objects()]


@pytest.mark.parametrize(
    "content",
    [
        OBJECT,
        b"# A comment.\n---\n" + OBJECT + b"---\n# Nothing else.\n",
        b'{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}}',
        b"{kind: List, items: [{apiVersion: v1, kind: Service, metadata: {name: web}}]}",
    ],
    ids=["plain", "comments", "JSON", "List"],
)
def test_each_form_of_a_manifest_gives_its_object(content: bytes) -> None:
    [item] = files(content).objects()
    assert (str(item), item.component) == ("Service web", "shop")
    assert b"web" in item.content


def test_the_bytes_of_a_document_are_kept() -> None:
    text = b"apiVersion: v1\nkind: Service\nmetadata: {name: web, labels: {a: yes, a: yes}}\n"
    [item] = files(text).objects()
    assert item.content == text


@pytest.mark.parametrize(
    "content", [b"{not: yaml", b"\0", b"\xff\xfe", b"- 1\n", b"text\n", b"a: &a [*a]\n"]
)
def test_anything_else_is_invalid_input(content: bytes) -> None:
    with pytest.raises(InvalidInput, match=FOLDER):
        names(content)


def test_many_documents_are_read_one_after_the_other() -> None:
    many = files((OBJECT + b"---\n") * 10_000)
    tracemalloc.start()
    try:
        assert sum(1 for _ in many.objects()) == 10_000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # The list of the documents of one file, but not their objects.
    assert peak < 5_000_000


def test_the_files_of_other_environments_and_other_files_are_left_out(tmp_path: Path) -> None:
    for path in (
        f"{FOLDER}/service-web.yaml",
        f"{FOLDER}/notes.txt",
        "rendered/dev/umbrella/values.yaml",
        "rendered/prod/manifests/shop/service-web.yaml",
        "argocd/dev/apps/shop.yaml",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(OBJECT)
    found = RenderedFiles.of_revision("dev", WorkTree(str(tmp_path)))
    assert found.paths == ("argocd/dev/apps/shop.yaml", f"{FOLDER}/service-web.yaml")


def test_an_application_belongs_to_the_component_of_its_name() -> None:
    text = b"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: shop\n"
    tree = {"argocd/dev/apps/shop.yaml": text}
    [item] = RenderedFiles.of_rendering("dev", tree).objects()
    assert item.component == "shop"


def test_only_crds_of_groups_in_use_are_learned() -> None:
    def crd(plural: str, group: str) -> bytes:
        head = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
        return f"{head}metadata:\n  name: {plural}.{group}\n".encode()

    tab = b"apiVersion: example.com/v1\nkind: CronTab\nmetadata:\n  name: nightly\n"
    tree = {
        f"{FOLDER}/customresourcedefinition-crontabs.example.com.yaml": crd(
            "crontabs", "example.com"
        ),
        f"{FOLDER}/customresourcedefinition-others.example.org.yaml": crd("others", "example.org"),
        f"{FOLDER}/crontab-nightly_example.com.yaml": tab,
    }
    found = RenderedFiles.of_rendering("dev", tree)
    assert found.crds_in_use() == [crd("crontabs", "example.com")]
    del tree[f"{FOLDER}/crontab-nightly_example.com.yaml"]
    assert RenderedFiles.of_rendering("dev", tree).crds_in_use() == []
