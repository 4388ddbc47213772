"""Loads the values files of a repository into Environments, and reports all errors together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from gitops_gen import yaml
from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import excuses, files, groups, layers
from gitops_gen.inputs.clusters import Clusters
from gitops_gen.inputs.excuse_use import ExcuseUse
from gitops_gen.inputs.excuses import LayerExcuses
from gitops_gen.inputs.generator import other_generator
from gitops_gen.inputs.images import Place, places, whole_references
from gitops_gen.inputs.layers import Node, Nulls, PlainValues
from gitops_gen.inputs.name_conflicts import COMPONENT_NAME, NameConflicts, name_conflicts
from gitops_gen.inputs.pinned_charts import PinnedChart, with_pinned_charts
from gitops_gen.inputs.plain_scalars import require_exact_numbers, with_strings
from gitops_gen.inputs.rules import (
    AcrossCheck,
    LayerCheck,
    across_checks,
    applied_rules,
    layer_checks,
)
from gitops_gen.inputs.schema import Section, compose, compose_all
from gitops_gen.inputs.schema_output import schema_file
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
    Pin,
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
    why="null removes the values of lower layers. The defaults of the component then apply, so the "
    "component stays enabled.",
    remedy="Write `enabled: false` in the section, or remove the line.",
)
SCHEMA_FILE = Rule(
    "schema-file",
    title="values/schema.json is up to date",
    why="Editors validate values files with this file. An outdated file accepts keys that are not "
    "valid, or reports keys that are.",
    remedy="Run `gitops-gen schema --layer > values/schema.json`.",
    severity=Severity.WARNING,
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """An environment with its errors and warnings."""

    environment: Environment
    findings: tuple[Finding, ...]
    matches_schema: bool = True
    """Whether the values match the schema, so that components can rely on their types."""
    excused: tuple[Excused, ...] = ()
    applied_rules: frozenset[Rule] = frozenset()
    """The rules that were applied and whose findings may be excused."""
    replaced: tuple[Excuse, ...] = ()
    """Excuses in lower layers that do not apply, because a higher layer has its own list."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity is not Severity.ERROR)

    @property
    def excuse_use(self) -> ExcuseUse:
        replaced = frozenset(self.replaced)
        return ExcuseUse(self.environment, self.applied_rules, self.excused, replaced)


@dataclass(frozen=True)
class Layer:
    """One values file, and the rules that do not depend on other layers."""

    document: Document
    node: Node
    excuses: LayerExcuses
    checks: tuple[LayerCheck, ...] = field(repr=False)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The rules are applied only on demand, because not every command reports findings."""
        found = (finding for rule in self.checks for finding in rule(self.document))
        return tuple(_masked(found, [self.document]))


@dataclass(frozen=True, slots=True)
class _Attempt:
    """The layer of a file, or the errors because of which it cannot be read."""

    layer: Layer | None
    """None also for an optional file that does not exist."""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Loader:
    """Loads the environments of one revision. Data that they share is prepared once."""

    revision: Revision
    sections: Sequence[Section]
    pinned: Mapping[str, PinnedChart] = field(default_factory=dict)
    """The upstream charts whose versions are not in the values, by the names of their add-ons."""
    locked: Mapping[Pin, str] = field(default_factory=dict)
    """The digests of the archives of locked charts."""
    app_versions: Mapping[Pin, str] = field(default_factory=dict)
    """The versions of the applications in locked charts."""

    def load(self, name: str) -> Loaded:
        """Returns the environment if it has no errors.

        Raises InvalidInput with all findings if at least one of them is an error.
        """
        loaded = self.examine(name)
        raise_for_errors(loaded.findings)
        return loaded

    def examine(self, name: str) -> Loaded:
        """Returns the environment with all findings, even if some are errors.

        Does not plan the components. Raises InvalidInput if a file cannot be parsed.
        """
        files.require_safe(name)
        user_layers = self.layers(name)
        tree, conflicts = self._merged_layers(name, user_layers)
        environment, nulls = self._environment(name, tree, conflicts, user_layers)
        schema_errors = list(self._removed_sections(tree, conflicts.replaced))
        schema_errors += self._validation(conflicts.replaced).findings(environment, nulls)
        if mismatch := other_generator(tree):
            # The values are for another version, so other findings of this version would mislead.
            return Loaded(environment, (mismatch,), not schema_errors)
        findings = [finding for layer in user_layers for finding in layer.findings]
        findings += self._findings_across(user_layers)
        findings += conflicts.findings(tree)
        # The rules of a section rely on the schema, so they run only on values that match it.
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
        applied = self._applied_rules(environment, matches_schema)
        return Loaded(environment, kept, matches_schema, excused, applied, replaced)

    def _applied_rules(self, environment: Environment, matches_schema: bool) -> frozenset[Rule]:
        sections = self.sections if matches_schema else ()
        by_sections = (one.applied_rules(environment) for one in sections)
        return applied_rules().union([COMPONENT_NAME], *by_sections)

    def _environment(
        self, name: str, tree: Node, conflicts: NameConflicts, user_layers: Sequence[Layer]
    ) -> tuple[Environment, Nulls]:
        merged_values = layers.plain_values(self._with_defaults(tree, conflicts))
        file = files.values_file(name)
        removed = {path: null.mark for path, null in merged_values.nulls.items()}
        inherited, _ = excuses.inherited([layer.excuses for layer in user_layers])
        environment = Environment(
            name,
            merged_values.values,
            merged_values.marks,
            file,
            removed,
            self.revision.name_of(file),
            conflicts.replaced,
            tuple(excuses.masked(inherited, [layer.document for layer in user_layers])),
            frozenset(path for path, null in merged_values.nulls.items() if not null.hides_lower),
            self.locked,
            self.app_versions,
            {name: chart.pin for name, chart in self.pinned.items()},
        )
        return environment, merged_values.nulls

    def layers(self, name: str) -> list[Layer]:
        """Returns the existing layers, lowest first.

        Raises InvalidInput with the errors of all files.
        """
        written = self._attempt(files.values_file(name))
        attempts = [*map(self._attempt, self._lower_files(name, written)), written]
        findings = [finding for one in attempts for finding in one.findings]
        if written.layer is not None and not files.is_shared_name(name):
            findings += self._unknown_groups(written.layer)
        if findings:
            raise InvalidInput(findings)
        return [one.layer for one in attempts if one.layer is not None]

    def _lower_files(self, name: str, written: _Attempt) -> Iterator[str]:
        """Yields the files of the layers below that of the environment, without unknown groups."""
        named = groups.in_values(written.layer.document.value) if written.layer else ()
        for file in files.input_files(name, named)[:-1]:
            if not files.is_group_file(file) or self._exists(file):
                yield file

    def _attempt(self, file: str) -> _Attempt:
        try:
            return _Attempt(self._shared(file) if files.is_shared_file(file) else self._layer(file))
        except InvalidInput as error:
            return _Attempt(None, error.findings)

    def _shared(self, file: str) -> Layer | None:
        """Returns the layer of a file that several environments share, which is read once."""
        if file not in self._shared_layers:
            self._shared_layers[file] = self._layer(file)
        return self._shared_layers[file]

    def _exists(self, file: str) -> bool:
        try:
            return self.revision.exists(file)
        except InvalidInput:
            # Reading the file raises this error again.
            return True

    def _unknown_groups(self, written: Layer) -> list[Finding]:
        try:
            return list(groups.unknown(self.revision, written.document))
        except InvalidInput as error:
            return list(error.findings)

    def environment(self, name: str) -> Environment:
        """Returns the merged values without validating them."""
        user_layers = self.layers(name)
        merged_layers = self._merged_layers(name, user_layers)
        return self._environment(name, *merged_layers, user_layers)[0]

    def merged(self, name: str) -> PlainValues:
        """Returns the merged values without validating them."""
        return layers.plain_values(
            self._with_defaults(*self._merged_layers(name, self.layers(name)))
        )

    def refusals(self, environment: Environment) -> tuple[Finding, ...]:
        """Returns the errors of values that were changed in memory: the schema, then the rules.

        The rules for single files are not applied, because no file contains the changed values.
        """
        findings: list[Finding] = self._validation(environment.replaced).findings(environment, {})
        if not findings:
            findings = [*self._section_findings(environment), *self._clusters.findings(environment)]
        return tuple(one for one in findings if one.severity is Severity.ERROR)

    def schema(self, name: str) -> Values:
        """Returns the JSON Schema of an environment's values."""
        _, conflicts = self._merged_layers(name, self.layers(name))
        return self._validation(conflicts.replaced).schema

    def _merged_layers(self, name: str, user_layers: Sequence[Layer]) -> tuple[Node, NameConflicts]:
        """Returns the merged layers, and conflicts of their names with sections of gitops-gen."""
        nodes = [layer.node for layer in user_layers]
        tree = layers.merged(nodes, self._empty_layer(name))
        return tree, name_conflicts(nodes, tree, self.sections)

    @cached_property
    def _clusters(self) -> Clusters:
        return Clusters(self.revision, self.merged)

    @cached_property
    def image_places(self) -> tuple[Place, ...]:
        return places(self.sections)

    def _validation(self, replaced: frozenset[Path]) -> Validation:
        if replaced not in self._validations:
            self._validations[replaced] = Validation(compose(self.sections, replaced))
        return self._validations[replaced]

    @cached_property
    def _validations(self) -> dict[frozenset[Path], Validation]:
        """The validations, by the set of sections that user-defined charts replace."""
        return {}

    @cached_property
    def _layer_checks(self) -> tuple[LayerCheck, ...]:
        return layer_checks()

    @cached_property
    def _across_checks(self) -> tuple[AcrossCheck, ...]:
        return across_checks()

    @cached_property
    def _shared_layers(self) -> dict[str, Layer | None]:
        return {}

    @cached_property
    def _defaults(self) -> list[tuple[tuple[str, ...], Node]]:
        return [(s.section, layers.node(s.defaults, default=True)) for s in self.sections]

    def _layer(self, file: str) -> Layer | None:
        """Returns the layer of a file; None if an optional file does not exist."""
        if files.is_optional(file) and not self.revision.exists(file):
            return None
        data = self.revision.read(file)
        document = self.document(data, file)
        tree = whole_references(layers.node(document), self.image_places)
        written = excuses.in_layer(data, self.revision.name_of(file), document)
        return Layer(document, tree, written, self._layer_checks)

    def document(self, data: bytes, file: str) -> Document:
        """Returns the content of a values file, in which strings need no quotes if they are plain
        integers or true/false."""
        parsed = yaml.parse(data, self.revision.name_of(file), any_size=True)
        document = with_strings(parsed, self._any_schema)
        require_exact_numbers(document)
        return document

    @cached_property
    def _any_schema(self) -> Values:
        return compose_all(self.sections)

    def _empty_layer(self, name: str) -> Node:
        position = Position(self.revision.name_of(files.values_file(name)))
        return Node({}, Mark(position, position))

    def _findings_across(self, user_layers: Sequence[Layer]) -> Iterator[Finding]:
        documents = [layer.document for layer in user_layers]
        rules = (*self._across_checks, *(section.across for section in self.sections))
        found = (finding for rule in rules for finding in rule(documents))
        yield from _masked(found, documents)

    def _section_findings(self, environment: Environment) -> list[Finding]:
        return [finding for section in self.sections for finding in section.rules(environment)]

    def _with_defaults(self, tree: Node, conflicts: NameConflicts) -> Node:
        written = tree
        claimed = {section for section, _ in self._defaults} - conflicts.replaced
        tree = with_pinned_charts(tree, self.pinned, claimed)
        for section, defaults in self._defaults:
            if section in conflicts.replaced:
                continue
            lower = conflicts.defaults(section, defaults, written)
            for path in list(layers.sections(tree, section, claimed)):
                tree = layers.merged_under(tree, path, lower)
        return tree

    def _removed_sections(self, tree: Node, replaced: frozenset[Path]) -> Iterator[Finding]:
        """Returns a finding for each section that is set to null, such as `postgres: null`.

        A user-defined chart may be removed in this way, even if it has the name of an add-on of
        gitops-gen.
        """
        built_in = [section for section, _ in self._defaults if section not in replaced]
        paths = {section[:end]: None for section in built_in for end in range(1, len(section) + 1)}
        for path in (path for path in paths if "*" not in path):
            found = layers.find(tree, path)
            if found is not None and found.is_null:
                target = "each entry" if (*path, "*") in built_in else "it"
                text = (
                    f"{'.'.join(path)}: null does not disable it; write 'enabled: false' in "
                    f"{target}, or remove the line"
                )
                yield Finding(SECTION_REMOVED, text, found.mark.key, field=FieldPath(path))


def raise_for_errors(findings: Iterable[Finding]) -> None:
    """Raises InvalidInput with all findings if at least one of them is an error."""
    found = tuple(findings)
    if any(finding.severity is Severity.ERROR for finding in found):
        raise InvalidInput(sorted_by_position(found))


def sorted_by_position(findings: Iterable[Finding]) -> list[Finding]:
    """Sorts findings by position and removes duplicates, because environments share files."""
    return sorted(dict.fromkeys(findings), key=lambda finding: finding.position)


def schema_file_findings(loader: Loader) -> Iterator[Finding]:
    """Warns if values/schema.json exists and was not generated by this version."""
    try:
        if not loader.revision.exists(files.SCHEMA):
            return
        present = loader.revision.read(files.SCHEMA)
    except InvalidInput as error:
        yield from error.findings
        return
    if present != schema_file(loader.sections):
        message = f"is out of date; run gitops-gen schema --layer > {files.SCHEMA}"
        place = Position(loader.revision.name_of(files.SCHEMA))
        yield Finding(SCHEMA_FILE, message, place)


def _masked(findings: Iterable[Finding], documents: Sequence[Document]) -> Iterator[Finding]:
    """Hides secrets of the documents in the messages of findings."""
    hidden: Hidden | None = None
    for finding in findings:
        hidden = hidden or Hidden.of([document.value for document in documents])
        yield replace(finding, message=hidden.masked(finding.message))
