"""A workspace returns the same environments, plans and renderings for any kind of revision."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput
from gitops_gen.helm import executable
from gitops_gen.model import Severity
from gitops_gen.revisions import Overlay, Revision, WorkTree, opened
from gitops_gen.workspace import Workspace
from gitops_gen.workspace.workspace import HelmRun
from tests.unit.revisions.examples import commit, write

EXAMPLE = Path(__file__).parents[3]
DEV = "values/dev.yaml"
MAP = (
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shop, namespace: shop}\ndata: {of: commit}\n"
)
CHART: dict[str, str | bytes] = {
    "charts/shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
    "charts/shop/templates/map.yaml": MAP,
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The values of the example, with a user-defined chart in `dev`."""
    folder = tmp_path / "repository"
    shutil.copytree(EXAMPLE / "values", folder / "values")
    text = (folder / DEV).read_text()
    addon = "addons: {shop: {path: charts/shop, namespace: shop}}\n"
    return write(folder, {**CHART, DEV: text + addon})


def rendered(revision: Revision) -> Mapping[str, bytes]:
    workspace = Workspace(revision)
    loaded = workspace.load_all_to_render(["dev"])
    [rendering] = workspace.render(loaded, HelmRun(executable(lambda _text: None)))
    assert loaded[0].warnings == ()
    return rendering.tree


def test_a_commit_has_the_same_results_as_its_work_tree(root: Path) -> None:
    commit(root)
    of_the_tree = rendered(WorkTree(str(root)))
    write(root, {DEV: "broken: [", "charts/shop/templates/map.yaml": "broken"})
    with opened(str(root), "HEAD") as revision:
        assert Workspace(revision).names == ("dev", "prod")
        assert rendered(revision) == of_the_tree
    assert any(b"of: commit" in content for content in of_the_tree.values())


def test_findings_about_a_commit_name_it(root: Path) -> None:
    write(root, {DEV: "\ntiers: {web: {image: {repository: acme/web, tag: latest}}}\nadons: {}\n"})
    commit(root)
    with opened(str(root), "HEAD") as revision, pytest.raises(InvalidInput) as refused:
        Workspace(revision).load("dev")
    assert "HEAD:values/dev.yaml:3:1: adons: unknown key" in str(refused.value)
    with opened(str(root), "HEAD") as revision, pytest.raises(InvalidInput) as refused:
        Workspace(revision).chosen(["stage"])
    assert str(refused.value).startswith("HEAD:values/stage.yaml:1:1: no such file")


def test_other_files_in_a_finding_have_the_name_of_the_revision(root: Path) -> None:
    """`staging` has the cluster of `dev`. The message has the position in the file of `dev`."""
    facts = (root / "values/clusters/dev.json").read_text()
    write(root, {"values/clusters/staging.json": facts, "values/staging.yaml": "tiers: {}\n"})
    commit(root)
    with opened(str(root), "HEAD") as revision:
        found = Workspace(revision).examine("staging").errors
    [shared] = [finding for finding in found if finding.rule.id == "shared-cluster"]
    assert shared.position.file == "HEAD:values/clusters/staging.json"
    assert "(HEAD:values/clusters/dev.json:" in shared.message


def test_each_environment_of_a_cluster_is_found(root: Path) -> None:
    """`staging` has the cluster of `dev` in its own file; `spare` and `test` have it in a group."""
    cluster = json.loads((root / "values/clusters/dev.json").read_text())["cluster"]
    group = {"values/groups/blue.yaml": json.dumps({"cluster": cluster})}
    own = {"values/staging.yaml": json.dumps({"cluster": cluster})}
    members = {f"values/{name}.yaml": "groups: [blue]\n" for name in ("spare", "test")}
    workspace = Workspace(WorkTree(str(write(root, {**group, **own, **members}))))
    found = {
        name: [one.related[0].message for one in workspace.examine(name).errors if one.related]
        for name in workspace.names
    }
    first, second = ["the cluster of 'dev'"], ["the cluster of 'spare'"]
    assert found == {"dev": second, "prod": [], "spare": first, "staging": first, "test": first}


@pytest.mark.parametrize("link", ["charts/shop/templates/passwords.yaml", "charts/shop"])
def test_a_link_in_a_chart_of_a_commit_is_refused(root: Path, link: str) -> None:
    if (root / link).is_dir():
        shutil.move(root / link, root / "elsewhere")
    (root / link).symlink_to("/etc/passwd" if link.endswith(".yaml") else "../elsewhere")
    commit(root)
    with opened(str(root), "HEAD") as revision, pytest.raises(InvalidInput) as refused:
        Workspace(revision).load_to_render("dev")
    assert str(refused.value).startswith("HEAD:values/dev.yaml:")
    assert f"'{link}' is a symbolic link" in str(refused.value)


def test_values_alone_do_not_need_the_chart(root: Path) -> None:
    shutil.rmtree(root / "charts")
    workspace = Workspace(WorkTree(str(root)))
    environment = workspace.load("dev").environment
    assert "shop" in {item.component.name for item in workspace.plan(environment)}
    with pytest.raises(InvalidInput, match="'charts/shop' is not a chart"):
        workspace.load_to_render("dev")
    checked = workspace.check(["dev", "prod"]).checked
    assert [finding.rule.id for finding in checked.errors] == ["repository-chart"]


def test_invalid_values_can_be_examined(root: Path) -> None:
    text = (root / DEV).read_text().replace("tag: 1.5.0", "tag: latest")
    workspace = Workspace(Overlay(WorkTree(str(root)), {DEV: text.encode()}))
    loaded = workspace.examine("dev")
    assert loaded.matches_schema
    assert ["the tag 'latest' is mutable" in finding.message for finding in loaded.errors] == [True]
    assert workspace.plan(loaded.environment)
    with pytest.raises(InvalidInput, match=r"values/dev\.yaml:6:12"):
        workspace.load("dev")


def test_another_version_is_the_only_finding(root: Path) -> None:
    base = (root / "values/base.yaml").read_text().replace('"0.1"', '"0.7"')
    files = {"values/base.yaml": base.encode(), DEV: b"tires: {}\n"}
    loaded = Workspace(Overlay(WorkTree(str(root)), files)).examine("dev")
    assert [finding.rule.id for finding in loaded.findings] == ["generator"]
    assert loaded.findings[0].severity is Severity.ERROR
    assert not loaded.matches_schema


def test_set_and_import_see_files_that_are_not_written_yet(root: Path) -> None:
    workspace = Workspace(WorkTree(str(root)))
    assigned = workspace.set_values("dev", ["tiers.frontend.image.tag=1.6.0"])
    assert b"tag: 1.6.0" in assigned.data
    with pytest.raises(InvalidInput, match="is not a chart"):
        workspace.set_values("dev", ["addons.shop.path=charts/none"])
    assert "1.6.0" not in (root / DEV).read_text()


COUNTED = """
import sys
from gitops_gen.helm import executable
from gitops_gen.revisions import WorkTree
from gitops_gen.workspace import Workspace
from gitops_gen.workspace.workspace import HelmRun
opened = []
def hook(event, arguments):
    if event == "open" and str(arguments[0]).endswith("charts/shop/templates/map.yaml"):
        opened.append(arguments[0])
sys.addaudithook(hook)
workspace = Workspace(WorkTree(sys.argv[1]))
loaded = workspace.load_all_to_render(workspace.names)
workspace.render(loaded, HelmRun(executable(print)))
print(len(opened))
"""


def test_the_number_of_reads_of_a_chart_does_not_depend_on_that_of_environments(
    root: Path,
) -> None:
    """It is read by the scan, for the key of the cache, and if the release is not in the cache,
    after the render, to detect a change. Helm also reads the chart, in another process."""
    own = (root / "values/prod.yaml").read_text()
    write(
        root, {"values/prod.yaml": f"{own}addons: {{shop: {{path: charts/shop, namespace: s}}}}\n"}
    )
    command = [sys.executable, "-c", COUNTED, str(root)]
    done = subprocess.run(command, cwd=EXAMPLE, capture_output=True, text=True)
    assert int(done.stdout) <= 3, done.stderr
