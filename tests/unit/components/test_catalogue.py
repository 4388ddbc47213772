"""What every component folder keeps to, a new one too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gitops_gen import yaml
from gitops_gen.components import Folder, catalogue
from gitops_gen.components.backing import DEFAULTS, SCHEMA
from gitops_gen.components.types import Component, Namespace, Subchart
from gitops_gen.inputs.schema import compose, parts
from gitops_gen.secrets.declared import DeclaredPlace, declared_places
from tests.cases import each, messages
from tests.unit.components.chart_duties import chart_name, defined_templates, problems
from tests.unit.components.first_party.rendering import planned, switched_on

DUTIES = Path(__file__).with_name("duties")
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


def test_every_component_has_one_of_the_names_that_its_folder_declares(tmp_path: Path) -> None:
    """By them it is seen that a tier or a chart of the user's own has the name already."""
    environment = switched_on(DUTIES / "environment.yaml", tmp_path)
    before: list[Component] = []
    for folder in FOLDERS:
        found = tuple(folder.module.instances(environment, tuple(before)))
        if "*" not in folder.section:
            assert {one.name for one in found} == set(folder.names), f"{DUTIES} has what it needs"
        before += found


@pytest.mark.parametrize("place", declared_places(), ids=lambda place: ".".join(place.path))
def test_what_is_declared_to_be_no_secret_is_a_key_of_the_schema(place: DeclaredPlace) -> None:
    """With the words that the schema knows there; `*` in its path is a key like any other."""
    found = parts(compose(FOLDERS), place.path)
    assert found
    assert list(place.words) == found[0].get("enum", [])


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
    given = yaml.parse(file.read_bytes(), str(file)).value if file.exists() else {}
    assert given.keys() <= properties.keys()


def _keys_on_tiers(folder: Folder) -> dict[str, dict[str, object]]:
    properties: dict[str, dict[str, object]]
    properties = json.loads((folder.path / SCHEMA).read_text())["properties"]
    return properties


def test_no_two_charts_have_one_name() -> None:
    """In the umbrella each stands under its name: two of one name would be one."""
    names = [chart_name(folder.path / "chart") for folder in FIRST_PARTY]
    assert len(names) == len(set(names))


def test_no_two_charts_define_one_template() -> None:
    """All charts of an umbrella share one space of named templates: the last definition counts."""
    owners: dict[str, str] = {}
    for folder in FIRST_PARTY:
        for name in defined_templates(folder.path / "chart"):
            assert owners.setdefault(name, folder.name) == folder.name, name


@pytest.mark.parametrize("folder", FIRST_PARTY, ids=lambda folder: folder.name)
def test_a_chart_has_neither_values_nor_a_schema_of_its_own(folder: Folder) -> None:
    """Helm would restore what a null removed; the schema is the section's."""
    own = {"values.yaml", "values.schema.json", "charts"}
    assert own.isdisjoint(path.name for path in (folder.path / "chart").iterdir())


# What other parts rely on. A folder of duties/valid or duties/invalid holds a chart that keeps or
# breaks a duty.


def test_every_first_party_component_keeps_its_duties(tmp_path: Path) -> None:
    found = planned(switched_on(DUTIES / "environment.yaml", tmp_path))
    assert problems(found, tmp_path) == []
    sources = [component.source for component in found]
    looked_at = {Path(source.folder) for source in sources if isinstance(source, Subchart)}
    assert looked_at == {folder.path for folder in FIRST_PARTY}, "environment.yaml has each of them"


@each(DUTIES, "invalid", "*/")
def test_a_component_that_breaks_a_duty_is_found(case: Path, tmp_path: Path) -> None:
    assert problems([component_of(case)], tmp_path) == messages(case)


@each(DUTIES, "valid", "*/")
def test_a_component_that_keeps_its_duties_is_not(case: Path, tmp_path: Path) -> None:
    assert problems([component_of(case)], tmp_path) == []


def component_of(folder: Path) -> Component:
    """A component with the chart of this folder, and an isolated namespace."""
    return Component(
        name="cache",
        namespace="cache",
        wave=10,
        source=Subchart(str(folder), {}),
        section=("cache",),
        namespaces=(Namespace("cache", isolated=True), Namespace("open")),
    )
