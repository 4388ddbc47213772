"""Names of our components that the user's own entries have: an entry always keeps its name.

A section for any key (`tiers.<name>`, `addons.<name>`) may hold an entry under the name of one of
our components, for instance of one that a new version brings. What the user wrote decides, before
any defaults are laid under it:

- `addons.<name>` that holds a key which only a chart of the user's own has is that chart. Our
  add-on of this name does not exist in the environment.
- Any other entry under the name of a component whose section the user did not write switches that
  component off.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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

    replaced: frozenset[Path] = frozenset()
    """Sections in whose place stands a chart of the user's own."""
    switched_off: Mapping[Keys, Keys] = field(default_factory=dict)
    """Section -> the user's entry that has the name of its component."""

    def defaults(self, section: Keys, lower: Node, tree: Node) -> Node:
        """`lower`, which is laid under a section, in which `enabled` may have to be false."""
        entry = self.switched_off.get(section)
        found = layers.find(tree, entry) if entry else None
        return lower if found is None else _off(lower, found.mark)

    def findings(self, tree: Node) -> Iterator[Finding]:
        for section in sorted(self.replaced, key=dotted):
            yield _finding(tree, tuple(map(str, section)), _TO_OUR_ADDON)
        for section, entry in self.switched_off.items():
            text = _TO_OUR_COMPONENT.format(name=entry[-1], section=dotted(section))
            yield _finding(tree, entry, text)


_TO_OUR_ADDON = (
    "this chart of your own has the name of an add-on of gitops-gen and stays your own; to move to "
    "gitops-gen's, remove the keys that it does not have, such as repository and namespace: see "
    "docs/add-ons.md"
)
_TO_OUR_COMPONENT = (
    "has the name of gitops-gen's component '{name}', which is therefore off; write "
    "{section}.enabled: false to leave it off without this warning, or rename this entry to be "
    "able to switch it on"
)


def taken_names(tree: Node, sections: Sequence[Section]) -> TakenNames:
    """`tree` is what the user wrote, all layers merged."""
    replaced = frozenset(one.section for one in sections if _is_users_own(tree, one, sections))
    named = {one.section for one in sections if "*" not in one.section} - replaced
    entries = {entry[-1]: entry for one in sections for entry in _entries(tree, one, named)}
    switched_off = {
        one.section: entries[name]
        for one in sections
        for name in one.names_it_yields
        if name in entries and one.section not in replaced and not _is_written(tree, one)
    }
    return TakenNames(frozenset(replaced), switched_off)


def _is_users_own(tree: Node, section: Section, sections: Sequence[Section]) -> bool:
    sibling = section_for_any_key(section, sections)
    return sibling is not None and _is_own_chart(tree, section.section, sibling)


def _is_own_chart(tree: Node, path: Keys, any_key: Section) -> bool:
    entry, keys = layers.find(tree, path), any_key.keys_of_own_charts
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
