"""Names of our components that the user's own entries have: an entry always keeps its name.

A section for any key (`tiers.<name>`, `addons.<name>`) may hold an entry under the name of one of
our components, for instance of one that a new version brings. What the user wrote decides, before
any defaults are laid under it:

- `addons.<name>` that holds a key which only a chart of the user's own has is that chart. Our
  add-on of this name does not exist in the environment, and what needs it relies on the chart.
- `addons.<name>: null` that removes such a chart of a lower layer leaves neither of the two.
- Any other entry under the name of a component whose section the user did not write switches that
  component off.
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
    why="A component of this version has the name of a tier or of a chart of your own. Both keep "
    "working as before, but the component cannot be switched on beside them.",
    remedy="Rename the tier or the add-on as the message states. To keep the name, excuse the "
    "finding.",
    severity=Severity.WARNING,
    excusable=True,
)

Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TakenNames:
    """What becomes of our sections in one environment."""

    own_charts: Mapping[Keys, frozenset[str]] = field(default_factory=dict)
    """Sections in whose place a chart of the user's own stands, or stood until null removed it ->
    what others may need of the add-on, and so of the chart."""
    switched_off: Mapping[Keys, Keys] = field(default_factory=dict)
    """Section -> the user's entry that has the name of its component."""

    @property
    def replaced(self) -> frozenset[Path]:
        return frozenset(self.own_charts)

    def defaults(self, section: Keys, lower: Node, tree: Node) -> Node:
        """`lower`, which is laid under a section, in which `enabled` may have to be false."""
        entry = self.switched_off.get(section)
        found = layers.find(tree, entry) if entry else None
        return lower if found is None else _off(lower, found.mark)

    def findings(self, tree: Node) -> Iterator[Finding]:
        for chart, provided in sorted(self.own_charts.items()):
            found = layers.find(tree, chart)
            removed = found is not None and found.is_null
            yield _finding(tree, chart, _CHART_REMOVED if removed else _to_our_addon(provided))
        for section, entry in self.switched_off.items():
            text = _TO_OUR_COMPONENT.format(name=entry[-1], section=dotted(section))
            yield _finding(tree, entry, text)


_TO_OUR_ADDON = (
    "this chart of your own has the name of an add-on of gitops-gen and stays your own{relied_on}; "
    "to move to gitops-gen's, remove the keys that it does not have, such as repository and "
    "namespace: see docs/add-ons.md"
)
_CHART_REMOVED = (
    "null removes a chart of your own that has the name of an add-on of gitops-gen, so neither of "
    "the two is installed; rename your chart to be able to switch the add-on on"
)
_TO_OUR_COMPONENT = (
    "has the name of gitops-gen's component '{name}', which is therefore off; write "
    "{section}.enabled: false to leave it off without this warning, or rename this entry to be "
    "able to switch it on"
)


def _to_our_addon(provided: Iterable[str]) -> str:
    names = ", ".join(sorted(provided))
    relied_on = f", so it has to provide what others need of the add-on: {names}" if names else ""
    return _TO_OUR_ADDON.format(relied_on=relied_on)


def taken_names(written: Sequence[Node], tree: Node, sections: Sequence[Section]) -> TakenNames:
    """`written` are the layers of the user's, and `tree` is what they merge to."""
    own_charts = {
        one.section: one.provides for one in sections if _is_users_own(written, tree, one, sections)
    }
    named = {one.section for one in sections if "*" not in one.section} - own_charts.keys()
    entries = {entry[-1]: entry for one in sections for entry in _entries(tree, one, named)}
    switched_off = {
        one.section: entries[name]
        for one in sections
        for name in one.names_it_yields
        if name in entries and one.section not in own_charts and not _is_written(tree, one)
    }
    return TakenNames(own_charts, switched_off)


def _is_users_own(
    written: Sequence[Node], tree: Node, section: Section, sections: Sequence[Section]
) -> bool:
    """Whether a chart of the user's own has the section's name, or had it in a lower layer."""
    sibling = section_for_any_key(section, sections)
    if sibling is None:
        return False
    found = layers.find(tree, section.section)
    if found is None or not found.is_null:
        return _is_own_chart(tree, section.section, sibling)
    # A layer may hold a part of the chart's entry, and another the repository.
    keys = sibling.schema["properties"].keys() - section.schema["properties"].keys()
    return any(_has_one_of(keys, layer, section.section) for layer in written)


def _is_own_chart(tree: Node, path: Keys, any_key: Section) -> bool:
    return _has_one_of(any_key.keys_of_own_charts, tree, path)


def _has_one_of(keys: Iterable[str], tree: Node, path: Keys) -> bool:
    entry = layers.find(tree, path)
    content = entry.content if entry and entry.is_map else {}
    return any(key in content and not content[key].is_null for key in keys)


def _entries(tree: Node, section: Section, named: set[Keys]) -> Iterator[Keys]:
    """The user's entries in a section for any key: what is only a typo there counts as none."""
    if "*" not in section.section:
        return
    for path in layers.sections(tree, section.section, named):
        if not section.keys_of_own_charts or _is_own_chart(tree, path, section):
            yield path


def _is_written(tree: Node, section: Section) -> bool:
    found = layers.find(tree, section.section)
    return found is not None and not found.is_null


def _off(lower: Node, entry: Mark) -> Node:
    """The defaults of a component that the user's entry switches off: messages lead to it."""
    switch = Node(False, Mark(entry.key, entry.key, default=True))
    return replace(lower, content={**lower.content, "enabled": switch})


def _finding(tree: Node, path: Keys, text: str) -> Finding:
    found = layers.find(tree, path)
    place = (found or tree).mark.key
    return Finding(COMPONENT_NAME, f"{dotted(path)}: {text}", place, field=FieldPath(path))
