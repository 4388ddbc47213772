"""Files of a repository -> Environment, or everything that is wrong with them at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from gitops_gen import yaml
from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import excuses, files, layers
from gitops_gen.inputs.clusters import Clusters
from gitops_gen.inputs.excuse_use import ExcuseUse
from gitops_gen.inputs.excuses import LayerExcuses
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
from gitops_gen.inputs.schema import Section, compose, schema_file
from gitops_gen.inputs.taken_names import COMPONENT_NAME, TakenNames, taken_names
from gitops_gen.inputs.validate import Validation
from gitops_gen.model import (
    Document,
    Environment,
    Excuse,
    Excused,
    FieldPath,
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
    replaced: tuple[Excuse, ...] = ()
    """Excuses of its files that it does not inherit: a higher layer has another list."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity is not Severity.ERROR)

    @property
    def excuse_use(self) -> ExcuseUse:
        return ExcuseUse(self.environment, self.ran, self.excused, frozenset(self.replaced))


@dataclass(frozen=True, slots=True)
class Layer:
    """One file of values, with what is wrong with it whatever lies below and above."""

    document: Document
    node: Node
    findings: tuple[Finding, ...]
    excuses: LayerExcuses


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
        user_layers = self.layers(name)
        tree, taken = self._written(name, user_layers)
        environment, nulls = self._environment(name, tree, taken, user_layers)
        schema_errors = list(self._removed_sections(tree, taken.replaced))
        schema_errors += self._validation(taken.replaced).findings(environment, nulls)
        if mismatch := other_generator(tree):
            # All else that this version's schema and rules say would only mislead.
            return Loaded(environment, (mismatch,), not schema_errors)
        findings = [finding for layer in user_layers for finding in layer.findings]
        findings += self._findings_across(user_layers)
        findings += taken.findings(tree)
        # A section's rules may rely on the shape that the schema promises.
        findings += schema_errors or self._section_findings(environment)
        findings += () if schema_errors else self._clusters.findings(environment)
        _, replaced = excuses.inherited([layer.excuses for layer in user_layers])
        return self._loaded(environment, findings, not schema_errors, replaced)

    def _loaded(
        self,
        environment: Environment,
        findings: Iterable[Finding],
        matches_schema: bool,
        replaced: tuple[Excuse, ...],
    ) -> Loaded:
        kept, excused = environment.split(findings)
        kept += tuple(excuses.problems(environment.excuses, excused))
        ran = self._ran(matches_schema)
        return Loaded(environment, kept, matches_schema, excused, ran, replaced)

    def _ran(self, matches_schema: bool) -> frozenset[Rule]:
        by_sections = (one.applied_rules() for one in self.sections) if matches_schema else ()
        return applied_rules().union([COMPONENT_NAME], *by_sections)

    def _environment(
        self, name: str, tree: Node, taken: TakenNames, user_layers: Sequence[Layer]
    ) -> tuple[Environment, Nulls]:
        plain = layers.plain(self._with_defaults(tree, taken))
        file = files.environment_file(name)
        removed = {path: null.mark for path, null in plain.nulls.items()}
        inherited, _ = excuses.inherited([layer.excuses for layer in user_layers])
        environment = Environment(
            name,
            plain.values,
            plain.marks,
            file,
            removed,
            self.revision.name_of(file),
            taken.replaced,
            tuple(excuses.masked(inherited, [layer.document for layer in user_layers])),
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
        return layers.plain(self._with_defaults(*self._written(name, self.layers(name))))

    def schema(self, name: str) -> Values:
        """The schema of an environment's values."""
        _, taken = self._written(name, self.layers(name))
        return self._validation(taken.replaced).schema

    def _written(self, name: str, user_layers: Sequence[Layer]) -> tuple[Node, TakenNames]:
        """What the user's layers merge to, and what becomes of our sections by it."""
        nodes = [layer.node for layer in user_layers]
        tree = layers.merged(nodes, self._nothing(name))
        return tree, taken_names(nodes, tree, self.sections)

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
        written = excuses.in_layer(data, self.revision.name_of(file), document)
        return Layer(document, tree, masked, written)

    def _nothing(self, name: str) -> Node:
        position = Position(self.revision.name_of(files.environment_file(name)))
        return Node({}, Mark(position, position))

    def _findings_across(self, user_layers: Sequence[Layer]) -> Iterator[Finding]:
        documents = [layer.document for layer in user_layers]
        rules = (*self._across, *(section.across for section in self.sections))
        found = (finding for rule in rules for finding in rule(documents))
        yield from _masked(found, documents)

    def _section_findings(self, environment: Environment) -> list[Finding]:
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

    def _removed_sections(self, tree: Node, replaced: frozenset[Path]) -> Iterator[Finding]:
        """`postgres: null` would switch a component off by absence, and so would `addons:`.

        A chart of the user's own may be removed so, whatever add-on of ours has its name.
        """
        written = [section for section, _ in self._defaults if section not in replaced]
        places = {section[:end]: None for section in written for end in range(1, len(section) + 1)}
        for place in (place for place in places if "*" not in place):
            found = layers.find(tree, place)
            if found is not None and found.is_null:
                each = "each entry" if (*place, "*") in written else "it"
                text = (
                    f"{'.'.join(place)}: null switches nothing off; write 'enabled: false' in "
                    f"{each}, or remove the line"
                )
                yield Finding(SECTION_REMOVED, text, found.mark.key, field=FieldPath(place))


def require_none_of(findings: Iterable[Finding]) -> None:
    """Raises InvalidInput with all of the findings if any of them is an error."""
    found = tuple(findings)
    if any(finding.severity is Severity.ERROR for finding in found):
        raise InvalidInput(in_order(found))


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """As they stand in the files, each once: environments share some of theirs."""
    return sorted(dict.fromkeys(findings), key=lambda finding: finding.position)


def schema_file_findings(loader: Loader) -> Iterator[Finding]:
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
