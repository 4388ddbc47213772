"""Resolves conflicts between names of user entries and of components of gitops-gen.

A user entry always keeps its name. A section for any key (`tiers.<name>`, `addons.<name>`) may
contain an entry with the name of a component of gitops-gen, for example of a component that a new
version adds. The values of the user decide, before defaults are merged:

- `addons.<name>` with a key that only user-defined charts have is a user-defined chart. The add-on
  with this name does not exist in the environment, and components that require it use the chart.
- If `addons.<name>: null` removes such a chart of a lower layer, the environment has neither the
  chart nor the add-on.
- Any other entry with the name of a component disables the component, unless the values contain
  the section of the component.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from gitops_gen.inputs import layers
from gitops_gen.inputs.layers import Node
from gitops_gen.inputs.schema import Section, section_for_any_key
from gitops_gen.model import FieldPath, Finding, Mark, Path, Rule, Severity, dotted

COMPONENT_NAME = Rule(
    "component-name",
    title="A name of a component is not used for something else",
    why="A component of this version has the name of a tier or of a chart of your own. The tier or "
    "chart works as before, but the component cannot be enabled together with it.",
    remedy="Rename the tier or the add-on as the message states. To keep the name, excuse the "
    "finding.",
    severity=Severity.WARNING,
    excusable=True,
)

Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NameConflicts:
    """The sections of gitops-gen in one environment whose names user entries have."""

    user_charts: Mapping[Keys, frozenset[str]] = field(default_factory=dict)
    """The sections that user-defined charts replace, or replaced until null removed them, with the
    capabilities that others may require of the add-on, and therefore of the chart."""
    disabled: Mapping[Keys, Keys] = field(default_factory=dict)
    """The sections of disabled components, with the user entries that have their names."""

    @property
    def replaced(self) -> frozenset[Path]:
        return frozenset(self.user_charts)

    def defaults(self, section: Keys, lower: Node, tree: Node) -> Node:
        """Returns the defaults `lower` of a section, with `enabled: false` if it is disabled."""
        entry = self.disabled.get(section)
        found = layers.find(tree, entry) if entry else None
        return lower if found is None else _with_disabled(lower, found.mark)

    def findings(self, tree: Node) -> Iterator[Finding]:
        for chart, provided in sorted(self.user_charts.items()):
            found = layers.find(tree, chart)
            removed = found is not None and found.is_null
            yield _finding(
                tree, chart, _CHART_REMOVED if removed else _user_chart_message(provided)
            )
        for section, entry in self.disabled.items():
            text = _COMPONENT_DISABLED.format(name=entry[-1], section=dotted(section))
            yield _finding(tree, entry, text)


_USER_CHART = (
    "this chart of your own has the name of an add-on of gitops-gen and replaces it{relied_on}; "
    "to use the add-on, remove the keys that it does not have, such as repository and namespace: "
    "see docs/add-ons.md"
)
_CHART_REMOVED = (
    "null removes a chart of your own that has the name of an add-on of gitops-gen, so neither of "
    "the two is installed; rename your chart to be able to enable the add-on"
)
_COMPONENT_DISABLED = (
    "has the same name as the component '{name}' of gitops-gen, which is therefore disabled; write "
    "{section}.enabled: false to keep it disabled without this warning, or rename this entry to be "
    "able to enable it"
)


def _user_chart_message(provided: Iterable[str]) -> str:
    names = ", ".join(sorted(provided))
    relied_on = f", so it must provide what others require of the add-on: {names}" if names else ""
    return _USER_CHART.format(relied_on=relied_on)


def name_conflicts(
    written: Sequence[Node], tree: Node, sections: Sequence[Section]
) -> NameConflicts:
    """Returns the conflicts; `written` are the layers of the user, and `tree` merges them."""
    user_charts = {
        one.section: one.provides
        for one in sections
        if _is_user_chart_name(written, tree, one, sections)
    }
    named = {one.section for one in sections if "*" not in one.section} - user_charts.keys()
    entries = {entry[-1]: entry for one in sections for entry in _entries(tree, one, named)}
    disabled = {
        one.section: entries[name]
        for one in sections
        for name in one.overridable_names
        if name in entries and one.section not in user_charts and not _is_written(tree, one)
    }
    return NameConflicts(user_charts, disabled)


def _is_user_chart_name(
    written: Sequence[Node], tree: Node, section: Section, sections: Sequence[Section]
) -> bool:
    """Whether a user-defined chart has the section's name, or had it in a lower layer."""
    sibling = section_for_any_key(section, sections)
    if sibling is None:
        return False
    found = layers.find(tree, section.section)
    if found is None or not found.is_null:
        return _is_user_chart(tree, section.section, sibling)
    # A layer may contain a part of the chart's entry, and another layer the repository.
    keys = sibling.schema["properties"].keys() - section.schema["properties"].keys()
    return any(_has_one_of(keys, layer, section.section) for layer in written)


def _is_user_chart(tree: Node, path: Keys, any_key: Section) -> bool:
    return _has_one_of(any_key.keys_of_user_charts, tree, path)


def _has_one_of(keys: Iterable[str], tree: Node, path: Keys) -> bool:
    entry = layers.find(tree, path)
    content = entry.content if entry and entry.is_map else {}
    return any(key in content and not content[key].is_null for key in keys)


def _entries(tree: Node, section: Section, named: set[Keys]) -> Iterator[Keys]:
    """Yields the user entries in a section for any key, except probable typos."""
    if "*" not in section.section:
        return
    for path in layers.sections(tree, section.section, named):
        if not section.keys_of_user_charts or _is_user_chart(tree, path, section):
            yield path


def _is_written(tree: Node, section: Section) -> bool:
    found = layers.find(tree, section.section)
    return found is not None and not found.is_null


def _with_disabled(lower: Node, entry: Mark) -> Node:
    """Returns the defaults with `enabled: false`, whose position is that of the user entry."""
    switch = Node(False, Mark(entry.key, entry.key, default=True))
    return replace(lower, content={**lower.content, "enabled": switch})


def _finding(tree: Node, path: Keys, text: str) -> Finding:
    found = layers.find(tree, path)
    place = (found or tree).mark.key
    return Finding(COMPONENT_NAME, f"{dotted(path)}: {text}", place, field=FieldPath(path))
