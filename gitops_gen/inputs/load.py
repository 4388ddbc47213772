"""Files of a repository -> Environment, or everything that is wrong with them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path as FilePath
from typing import TypeAlias

from gitops_gen import yaml
from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import excuses, files, layers
from gitops_gen.inputs.clusters import Clusters
from gitops_gen.inputs.excuses import ExcuseUse
from gitops_gen.inputs.generator import require_our_generator
from gitops_gen.inputs.images import Place, places, whole_references
from gitops_gen.inputs.layers import Node, Plain
from gitops_gen.inputs.rules import (
    AcrossCheck,
    LayerCheck,
    across_checks,
    applied_rules,
    layer_checks,
)
from gitops_gen.inputs.schema import Section, compose, schema_file
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
from gitops_gen.secrets.hidden import Hidden
from gitops_gen.yaml.source import read_bytes

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

Further: TypeAlias = Callable[[Environment], Iterable[Finding]]
"""What a room above has against an environment that is right as far as this one can tell."""


def nothing_further(_: Environment) -> Iterable[Finding]:
    return ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """A valid environment, with what is allowed but unwise."""

    environment: Environment
    warnings: tuple[Finding, ...]
    excused: tuple[Excused, ...] = ()


@dataclass(frozen=True, slots=True)
class Examined:
    """An environment, valid or not, with all that is wrong or unwise in it."""

    environment: Environment
    findings: tuple[Finding, ...]
    excused: tuple[Excused, ...]
    use: ExcuseUse

    @property
    def has_errors(self) -> bool:
        return _has_errors(self.findings)


@dataclass(frozen=True, slots=True)
class Layer:
    """One file of values, with what is wrong with it whatever lies below and above."""

    document: Document
    node: Node
    findings: tuple[Finding, ...]
    excuses: tuple[Excuse, ...]


@dataclass(frozen=True)
class Loader:
    """Loads the environments of one repository; what they share is prepared once.

    `overrides` are files that are read as if they held these bytes: file -> content.
    """

    root: str
    sections: Sequence[Section]
    overrides: Mapping[str, bytes] = field(default_factory=dict)
    further: Further = nothing_further

    def load(self, name: str) -> Loaded:
        """Raises InvalidInput with all findings; nothing wrong is left out or mended."""
        found = self.examine(name)
        if found.has_errors:
            raise InvalidInput(in_order(found.findings))
        return Loaded(found.environment, found.findings, found.excused)

    def examine(self, name: str) -> Examined:
        """Raises InvalidInput only for what is no environment at all, as a file that is no YAML."""
        files.require_safe(name)
        own = self.layers(name)
        tree = layers.merged((layer.node for layer in own), _nothing(name))
        require_our_generator(tree)
        findings = [finding for layer in own for finding in layer.findings]
        findings += self._told_across(own)
        misfits = list(self._removed_sections(tree))
        plain = layers.plain(self._with_defaults(tree))
        environment = _environment(name, plain, own)
        misfits += self._validation.findings(environment, plain.nulls)
        # A section's rules may rely on the shape that the schema promises.
        findings += misfits or self._told_by_sections(environment)
        findings += () if misfits else self._clusters.findings(environment)
        return self._examined(environment, findings, self._applied(fits=not misfits))

    def _examined(
        self, environment: Environment, findings: Iterable[Finding], ran: frozenset[Rule]
    ) -> Examined:
        kept, excused = environment.split(findings)
        kept += tuple(excuses.problems(environment.excuses, excused))
        if not _has_errors(kept):
            kept += tuple(self.further(environment))
        return Examined(environment, kept, excused, ExcuseUse.of(environment, ran, excused))

    def _applied(self, *, fits: bool) -> frozenset[Rule]:
        """The rules that may be excused and ran: those of sections need values of their form."""
        by_sections = (one.applied_rules() for one in self.sections) if fits else ()
        return applied_rules().union(*by_sections)

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
        own = (layer.node for layer in self.layers(name))
        return layers.plain(self._with_defaults(layers.merged(own, _nothing(name))))

    @cached_property
    def _clusters(self) -> Clusters:
        return Clusters(self.root, self.merged)

    @cached_property
    def schema(self) -> Values:
        return compose(self.sections)

    @cached_property
    def images(self) -> tuple[Place, ...]:
        return places(self.sections)

    @cached_property
    def _validation(self) -> Validation:
        return Validation(self.schema)

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
        data = self.overrides.get(file)
        if data is None:
            if files.is_optional(file) and not files.is_there(self.root, file):
                return None
            data = read_bytes(FilePath(self.root, file), file)
        document = yaml.parse(data, file)
        findings = (finding for rule in self._rules for finding in rule(document))
        tree = whole_references(layers.node(document), self.images)
        masked = tuple(_masked(findings, [document]))
        return Layer(document, tree, masked, excuses.in_comments(data, file))

    def _told_across(self, own: Sequence[Layer]) -> Iterator[Finding]:
        documents = [layer.document for layer in own]
        found = (finding for rule in self._across for finding in rule(documents))
        yield from _masked(found, documents)

    def _told_by_sections(self, environment: Environment) -> list[Finding]:
        return [finding for section in self.sections for finding in section.rules(environment)]

    def _with_defaults(self, tree: Node) -> Node:
        claimed: set[Path] = {section for section, _ in self._defaults}
        for section, lower in self._defaults:
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


def load_all(loader: Loader, names: Iterable[str]) -> list[Loaded]:
    """Raises InvalidInput with the findings of all of them, each once."""
    examined, findings = _examine_all(loader, names)
    findings += (finding for one in examined if one.has_errors for finding in one.findings)
    if findings:
        raise InvalidInput(in_order(findings))
    return [Loaded(one.environment, one.findings, one.excused) for one in examined]


def _examine_all(loader: Loader, names: Iterable[str]) -> tuple[list[Examined], list[Finding]]:
    """The environments, and what is wrong besides: files that cannot be read, idle excuses."""
    examined: list[Examined] = []
    findings: list[Finding] = []
    for name in names:
        try:
            examined.append(loader.examine(name))
        except InvalidInput as error:
            findings += error.findings
    if any(one.environment.excuses for one in examined):
        uses = [one.use for one in examined]
        findings += excuses.unused(uses, files.environments(loader.root))
    return examined, findings


def check_all(
    root: str,
    names: Sequence[str],
    sections: Sequence[Section],
    further: Further = nothing_further,
) -> Checked:
    """Everything that is wrong or unwise in these environments (in all, if none is named)."""
    loader = Loader(root, sections, further=further)
    checked = files.chosen(root, names)
    examined, findings = _examine_all(loader, checked)
    findings += [*files.strays(root), *_schema_file(root, loader)]
    findings += (finding for one in examined for finding in one.findings)
    excused = dict.fromkeys(excuse for one in examined for excuse in one.excused)
    return Checked(checked, tuple(in_order(findings)), tuple(excused))


def _has_errors(findings: Iterable[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """As they stand in the files, each once: environments share some of theirs."""
    return sorted(dict.fromkeys(findings), key=lambda finding: finding.position)


def _schema_file(root: str, loader: Loader) -> Iterator[Finding]:
    """The editor's schema in the repository, if there is one, should be this version's."""
    try:
        if not files.is_there(root, files.SCHEMA):
            return
        present = read_bytes(FilePath(root, files.SCHEMA), files.SCHEMA)
    except InvalidInput as error:
        yield from error.findings
        return
    if present != schema_file(loader.sections):
        message = f"is not this version's; run gitops-gen schema --layer > {files.SCHEMA}"
        yield Finding(SCHEMA_FILE, message, Position(files.SCHEMA))


def _masked(findings: Iterable[Finding], documents: Sequence[Document]) -> Iterator[Finding]:
    """The findings of a rule over files: whatever it quotes, it shows no secret of theirs."""
    hidden: Hidden | None = None
    for finding in findings:
        hidden = hidden or Hidden.of([document.value for document in documents])
        yield replace(finding, message=hidden.masked(finding.message))


def _environment(name: str, plain: Plain, own: Sequence[Layer]) -> Environment:
    removed = {path: null.mark for path, null in plain.nulls.items()}
    written = [excuse for layer in own for excuse in layer.excuses]
    written += excuses.in_values(plain.values, plain.marks)
    file = files.environment_file(name)
    return Environment(name, plain.values, plain.marks, file, removed, tuple(written))


def _nothing(name: str) -> Node:
    position = Position(files.environment_file(name))
    return Node({}, Mark(position, position))
