"""What every component folder keeps to, a new one too."""

from __future__ import annotations

import json
import re

import pytest

from gitops_gen import yaml
from gitops_gen.components import Folder, catalogue
from gitops_gen.components.backing import DEFAULTS, SCHEMA
from gitops_gen.components.types import Component
from gitops_gen.inputs import Loader
from tests.repository import ROOT

FOLDERS = catalogue()
BACKING = [folder for folder in FOLDERS if hasattr(folder.module, "BACKING_SERVICE")]
FIRST_PARTY = [folder for folder in FOLDERS if (folder.path / "chart").is_dir()]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_section_is_closed_and_every_key_is_explained(folder: Folder) -> None:
    schema = folder.schema
    assert schema["additionalProperties"] is False
    unexplained = [key for key, one in schema["properties"].items() if not _explained(one)]
    assert unexplained == []


def _explained(schema: dict[str, object]) -> bool:
    return "description" in schema or "$ref" in schema


def test_no_two_folders_share_a_section() -> None:
    sections = [folder.section for folder in FOLDERS]
    assert len(sections) == len(set(sections))


def test_a_chart_of_the_user_s_own_is_told_from_every_add_on_of_ours() -> None:
    """By keys that none of ours has in its section."""
    [own] = (folder for folder in FOLDERS if folder.keys_of_own_charts)
    ours = [one for one in FOLDERS if one.section[:-1] == own.section[:-1] and one is not own]
    assert len(ours) > 5
    for folder in ours:
        assert folder.schema["properties"].keys().isdisjoint(own.keys_of_own_charts), folder.name


def test_every_component_has_one_of_the_names_that_its_folder_declares() -> None:
    """By them it is seen that a tier or a chart of the user's own has the name already."""
    everything = b"addons:\n  external-secrets: {enabled: true}\n"
    everything += b"  amazon-cloudwatch-observability: {enabled: true}\n"
    text = (ROOT / "values/prod.yaml").read_bytes() + everything
    facts = (ROOT / "values/clusters/prod.json").read_bytes()
    facts = facts.replace(b'"amazon-cloudwatch-observability",', b"")
    overrides = {"values/prod.yaml": text, "values/clusters/prod.json": facts}
    environment = Loader(str(ROOT), FOLDERS, overrides).load("prod").environment
    planned: list[Component] = []
    for folder in FOLDERS:
        found = tuple(folder.module.instances(environment, tuple(planned)))
        named = "*" not in folder.section
        assert {one.name for one in found} == set(folder.names) or not named
        planned += found


def test_no_two_backing_services_share_a_key_of_tiers() -> None:
    [tier] = (folder for folder in FOLDERS if folder.section == ("tiers", "*"))
    keys = list(json.loads((tier.path / "schema.json").read_text())["properties"])
    keys += [key for folder in BACKING for key in _keys_on_tiers(folder)]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("folder", BACKING, ids=lambda folder: folder.name)
def test_every_key_of_a_backing_service_is_explained(folder: Folder) -> None:
    properties = _keys_on_tiers(folder)
    assert folder.module.BACKING_SERVICE.key in properties  # type: ignore[attr-defined]
    assert all(_explained(one) for one in properties.values())
    file = folder.path / DEFAULTS
    given = yaml.read(file, str(file)).value if file.exists() else {}
    assert given.keys() <= properties.keys()


def _keys_on_tiers(folder: Folder) -> dict[str, dict[str, object]]:
    properties: dict[str, dict[str, object]]
    properties = json.loads((folder.path / SCHEMA).read_text())["properties"]
    return properties


def test_no_two_charts_have_one_name() -> None:
    """In the umbrella each stands under its name: two of one name would be one."""
    names = [_chart(folder)["name"] for folder in FIRST_PARTY]
    assert len(names) == len(set(names))


def _chart(folder: Folder) -> dict[str, str]:
    file = folder.path / "chart/Chart.yaml"
    chart: dict[str, str] = yaml.read(file, str(file)).value
    return chart


def test_no_two_charts_define_one_template() -> None:
    """All charts of an umbrella share one space of named templates: the last definition counts."""
    owners: dict[str, str] = {}
    for folder in FIRST_PARTY:
        for name in _defined(folder):
            assert owners.setdefault(name, folder.name) == folder.name, name


def _defined(folder: Folder) -> set[str]:
    files = (file for file in (folder.path / "chart").rglob("*") if file.is_file())
    define = re.compile(r'\{\{-?\s*(?:define|block)\s+"([^"]+)"')
    return {name for file in files for name in define.findall(file.read_text())}


@pytest.mark.parametrize("folder", FIRST_PARTY, ids=lambda folder: folder.name)
def test_a_chart_has_neither_values_nor_a_schema_of_its_own(folder: Folder) -> None:
    """Helm would restore what a null removed; the schema is the section's."""
    own = {"values.yaml", "values.schema.json", "charts"}
    assert own.isdisjoint(path.name for path in (folder.path / "chart").iterdir())
