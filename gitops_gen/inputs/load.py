"""Files of a repository -> Environment, or everything that is wrong with them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from gitops_gen import yaml
from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import excuses, files, layers
from gitops_gen.inputs.clusters import Clusters
from gitops_gen.inputs.excuses import ExcuseUse
from gitops_gen.inputs.generator import other_generator
from gitops_gen.inputs.images import Place, places, whole_references
from gitops_gen.inputs.layers import Node, Nulls, Plain
from gitops_gen.inputs.rules import (
    AcrossCheck,
    LayerCheck,
    across_checks,
    applied_rules,
    layer_checks,
)
from gitops_gen.inputs.schema import Section, compose
from gitops_gen.inputs.schema_output import schema_file
from gitops_gen.inputs.taken_names import COMPONENT_NAME, TakenNames, taken_names
from gitops_gen.inputs.validate import Validation
from gitops_gen.model import (
    Checked,
    Document,
    Environment,
    Excuse,
    Excused,
    Finding,
    Mark,
    Path,
    Position,
    Rule,
    Severity,
    Values,
)
from gitops_gen.revisions import Revision
from gitops_gen.secrets.hidden import Hidden

SECTION_REMOVED = Rule(
    "section-removed",
    title="A section of a component is not set to null",
    why="null removes what lower layers wrote, and then the defaults of the component apply "
    "again, so the component stays switched on.",
    remedy="Write `enabled: false` in the section, or remove the line.",
)
SCHEMA_FILE = Rule(
    "schema-file",
    title="values/schema.json belongs to this version",
    why="Editors validate values files with this file, so an old one accepts or refuses the wrong "
    "keys.",
    remedy="Run `gitops-gen schema --layer > values/schema.json`.",
    severity=Severity.WARNING,
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """An environment, with what is wrong or unwise about it."""

    environment: Environment
    findings: tuple[Finding, ...]
    matches_schema: bool = True
    """Whether its values have the shapes that components rely on."""
    excused: tuple[Excused, ...] = ()
    ran: frozenset[Rule] = frozenset()
    """The rules that it was held against, of those that can be excused."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity is not Severity.ERROR)


@dataclass(frozen=True, slots=True)
class Layer:
    """One file of values, with what is wrong with it whatever lies below and above."""

    document: Document
    node: Node
    findings: tuple[Finding, ...]
    excuses: tuple[Excuse, ...]


@dataclass(frozen=True)
class Loader:
    """Loads the environments of one revision; what they share is prepared once."""

    revision: Revision
    sections: Sequence[Section]

    def load(self, name: str) -> Loaded:
        """A valid environment. Raises InvalidInput with all findings if anything is an error."""
        found = self.examine(name)
        require_none_of(found.findings)
        return found

    def examine(self, name: str) -> Loaded:
        """The environment with all findings, valid or not; its components are not planned.

        Raises InvalidInput for what cannot be read as values at all.
        """
        files.require_safe(name)
        own = self.layers(name)
        tree = layers.merged((layer.node for layer in own), self._nothing(name))
        taken = taken_names(tree, self.sections)
        environment, nulls = self._environment(name, tree, taken, own)
        misfits = list(self._removed_sections(tree))
        misfits += self._validation(taken.replaced).findings(environment, nulls)
        if other := other_generator(tree):
            # All else that this version's schema and rules say would only mislead.
            return Loaded(environment, (other,), not misfits)
        findings = [finding for layer in own for finding in layer.findings]
        findings += self._told_across(own)
        findings += taken.findings(tree)
        # A section's rules may rely on the shape that the schema promises.
        findings += misfits or self._told_by_sections(environment)
        findings += () if misfits else self._clusters.findings(environment)
        return self._loaded(environment, findings, not misfits)

    def _loaded(
        self, environment: Environment, findings: Iterable[Finding], matches_schema: bool
    ) -> Loaded:
        kept, excused = environment.split(findings)
        kept += tuple(excuses.problems(environment.excuses, excused))
        return Loaded(environment, kept, matches_schema, excused, self._ran(matches_schema))

    def _ran(self, matches_schema: bool) -> frozenset[Rule]:
        by_sections = (one.applied_rules() for one in self.sections) if matches_schema else ()
        return applied_rules().union([COMPONENT_NAME], *by_sections)

    def _environment(
        self, name: str, tree: Node, taken: TakenNames, own: Sequence[Layer]
    ) -> tuple[Environment, Nulls]:
        plain = layers.plain(self._with_defaults(tree, taken))
        file = files.environment_file(name)
        removed = {path: null.mark for path, null in plain.nulls.items()}
        written = [excuse for layer in own for excuse in layer.excuses]
        written += excuses.in_values(plain.values, plain.marks)
        environment = Environment(
            name,
            plain.values,
            plain.marks,
            file,
            removed,
            self.revision.name_of(file),
            taken.replaced,
            tuple(written),
        )
        return environment, plain.nulls

    def layers(self, name: str) -> list[Layer]:
        """Those that are there, lowest first; raises InvalidInput with the errors of all."""
        found: list[Layer] = []
        findings: list[Finding] = []
        for file in files.input_files(name):
            try:
                layer = self._base if file == files.BASE else self._layer(file)
            except InvalidInput as error:
                findings += error.findings
            else:
                found += [layer] if layer else []
        if findings:
            raise InvalidInput(findings)
        return found

    def merged(self, name: str) -> Plain:
        """The values as they stand, valid or not."""
        tree = self._written(name)
        return layers.plain(self._with_defaults(tree, taken_names(tree, self.sections)))

    def schema(self, name: str) -> Values:
        """The schema of an environment's values."""
        return self._validation(taken_names(self._written(name), self.sections).replaced).schema

    def _written(self, name: str) -> Node:
        own = (layer.node for layer in self.layers(name))
        return layers.merged(own, self._nothing(name))

    @cached_property
    def _clusters(self) -> Clusters:
        return Clusters(self.revision, self.merged)

    @cached_property
    def images(self) -> tuple[Place, ...]:
        return places(self.sections)

    def _validation(self, replaced: frozenset[Path]) -> Validation:
        if replaced not in self._validations:
            self._validations[replaced] = Validation(compose(self.sections, replaced))
        return self._validations[replaced]

    @cached_property
    def _validations(self) -> dict[frozenset[Path], Validation]:
        """By the sections in whose place charts of the user's own stand: mostly there are none."""
        return {}

    @cached_property
    def _rules(self) -> tuple[LayerCheck, ...]:
        return layer_checks()

    @cached_property
    def _across(self) -> tuple[AcrossCheck, ...]:
        return across_checks()

    @cached_property
    def _base(self) -> Layer | None:
        return self._layer(files.BASE)

    @cached_property
    def _defaults(self) -> list[tuple[tuple[str, ...], Node]]:
        return [(s.section, layers.node(s.defaults, default=True)) for s in self.sections]

    def _layer(self, file: str) -> Layer | None:
        """None for a shared or imported file that is not there."""
        if files.is_optional(file) and not self.revision.exists(file):
            return None
        data = self.revision.read(file)
        document = yaml.parse(data, self.revision.name_of(file))
        findings = (finding for rule in self._rules for finding in rule(document))
        tree = whole_references(layers.node(document), self.images)
        masked = tuple(_masked(findings, [document]))
        return Layer(document, tree, masked, excuses.in_comments(data, self.revision.name_of(file)))

    def _nothing(self, name: str) -> Node:
        position = Position(self.revision.name_of(files.environment_file(name)))
        return Node({}, Mark(position, position))

    def _told_across(self, own: Sequence[Layer]) -> Iterator[Finding]:
        documents = [layer.document for layer in own]
        found = (finding for rule in self._across for finding in rule(documents))
        yield from _masked(found, documents)

    def _told_by_sections(self, environment: Environment) -> list[Finding]:
        return [finding for section in self.sections for finding in section.rules(environment)]

    def _with_defaults(self, tree: Node, taken: TakenNames) -> Node:
        written = tree
        claimed = {section for section, _ in self._defaults} - taken.replaced
        for section, defaults in self._defaults:
            if section in taken.replaced:
                continue
            lower = taken.defaults(section, defaults, written)
            for path in list(layers.sections(tree, section, claimed)):
                tree = layers.under(tree, path, lower)
        return tree

    def _removed_sections(self, tree: Node) -> Iterator[Finding]:
        """`postgres: null` would switch a component off by absence, and so would `addons:`."""
        written = [section for section, _ in self._defaults]
        places = {section[:end]: None for section in written for end in range(1, len(section) + 1)}
        for place in (place for place in places if "*" not in place):
            found = layers.find(tree, place)
            if found is not None and found.is_null:
                each = "each entry" if (*place, "*") in written else "it"
                text = (
                    f"{'.'.join(place)}: null switches nothing off; write 'enabled: false' in "
                    f"{each}, or remove the line"
                )
                yield Finding(SECTION_REMOVED, text, found.mark.key, field=".".join(place))


Examine: TypeAlias = Callable[[Loader, str], Loaded]
"""How an environment is loaded, valid or not. Raises InvalidInput for what cannot be read."""


def load_all(
    loader: Loader, names: Iterable[str], examine: Examine = Loader.examine
) -> list[Loaded]:
    """Raises InvalidInput with the findings of all of them, each once."""
    examined, findings = _examine_all(loader, names, examine)
    findings += (finding for one in examined if one.errors for finding in one.findings)
    if findings:
        raise InvalidInput(in_order(findings))
    return examined


def _examine_all(
    loader: Loader, names: Iterable[str], examine: Examine
) -> tuple[list[Loaded], list[Finding]]:
    """The environments, and what is wrong besides: files that cannot be read, idle excuses."""
    examined: list[Loaded] = []
    findings: list[Finding] = []
    for name in names:
        try:
            examined.append(examine(loader, name))
        except InvalidInput as error:
            findings += error.findings
    if any(one.environment.excuses for one in examined):
        uses = [ExcuseUse.of(one.environment, one.ran, one.excused) for one in examined]
        findings += excuses.unused(uses, loader.revision)
    return examined, findings


def check_all(loader: Loader, names: Sequence[str], examine: Examine = Loader.examine) -> Checked:
    """Everything that is wrong or unwise in these environments (in all, if none is named)."""
    checked = files.chosen(loader.revision, names)
    examined, findings = _examine_all(loader, checked, examine)
    findings += [*files.strays(loader.revision), *_schema_file(loader)]
    findings += (finding for one in examined for finding in one.findings)
    excused = dict.fromkeys(excuse for one in examined for excuse in one.excused)
    return Checked(checked, tuple(in_order(findings)), tuple(excused))


def require_none_of(findings: Iterable[Finding]) -> None:
    """Raises InvalidInput with all of the findings if any of them is an error."""
    found = tuple(findings)
    if any(finding.severity is Severity.ERROR for finding in found):
        raise InvalidInput(in_order(found))


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """As they stand in the files, each once: environments share some of theirs."""
    return sorted(dict.fromkeys(findings), key=lambda finding: finding.position)


def _schema_file(loader: Loader) -> Iterator[Finding]:
    """The editor's schema in the repository, if there is one, should be this version's."""
    try:
        if not loader.revision.exists(files.SCHEMA):
            return
        present = loader.revision.read(files.SCHEMA)
    except InvalidInput as error:
        yield from error.findings
        return
    if present != schema_file(loader.sections):
        message = f"is not this version's; run gitops-gen schema --layer > {files.SCHEMA}"
        place = Position(loader.revision.name_of(files.SCHEMA))
        yield Finding(SCHEMA_FILE, message, place)


def _masked(findings: Iterable[Finding], documents: Sequence[Document]) -> Iterator[Finding]:
    """The findings of a rule over files: whatever it quotes, it shows no secret of theirs."""
    hidden: Hidden | None = None
    for finding in findings:
        hidden = hidden or Hidden.of([document.value for document in documents])
        yield replace(finding, message=hidden.masked(finding.message))
