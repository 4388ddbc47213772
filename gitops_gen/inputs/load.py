"""Files of a repository -> Environment, or everything that is wrong with them at once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path as FilePath

from gitops_gen import yaml
from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import files, layers
from gitops_gen.inputs.generator import require_our_generator
from gitops_gen.inputs.layers import Node
from gitops_gen.inputs.rules import rules
from gitops_gen.inputs.schema import Section, compose, schema_file
from gitops_gen.inputs.validate import Validation
from gitops_gen.model import Checked, Environment, Finding, Mark, Path, Position, Severity


@dataclass(frozen=True, slots=True)
class Loaded:
    """A valid environment, with what is allowed but unwise."""

    environment: Environment
    warnings: tuple[Finding, ...]


@dataclass(frozen=True)
class Loader:
    """Loads the environments of one repository; what they share is prepared once."""

    root: str
    sections: Sequence[Section]

    def load(self, name: str) -> Loaded:
        """Raises InvalidInput with all findings; nothing wrong is left out or mended."""
        files.require_safe(name)
        tree = layers.merged(_documents(self.root, name), _nothing(name))
        require_our_generator(tree, files.environment_file(name))
        findings = list(self._removed_sections(tree))
        values, marks = layers.plain(self._with_defaults(tree))
        environment = Environment(name, values, marks, files.environment_file(name))
        findings += self._findings(environment)
        if any(finding.severity is Severity.ERROR for finding in findings):
            raise InvalidInput(sorted(findings, key=lambda finding: finding.position))
        return Loaded(environment, tuple(findings))

    @cached_property
    def _validation(self) -> Validation:
        return Validation(compose(self.sections))

    @cached_property
    def _defaults(self) -> list[tuple[tuple[str, ...], Node]]:
        return [(s.section, layers.node(s.defaults, default=True)) for s in self.sections]

    def _findings(self, environment: Environment) -> list[Finding]:
        findings = self._validation.findings(environment)
        findings += [finding for rule in rules() for finding in rule(environment)]
        if not any(finding.rule == "schema" for finding in findings):
            # A section's rules may rely on the shape that the schema promises.
            for section in self.sections:
                findings += section.rules(environment)
        return findings

    def _with_defaults(self, tree: Node) -> Node:
        claimed: set[Path] = {section for section, _ in self._defaults}
        for section, lower in self._defaults:
            for path in list(layers.sections(tree, section, claimed)):
                tree = layers.under(tree, path, lower)
        return tree

    def _removed_sections(self, tree: Node) -> Iterator[Finding]:
        """`postgres: null` would switch a component off by absence."""
        for section, _ in self._defaults:
            found = None if "*" in section else layers.find(tree, section)
            if found is not None and found.is_null:
                text = f"{'.'.join(section)}: null does not switch it off; write 'enabled: false'"
                yield Finding("section-removed", text, found.mark.key)


def load_all(loader: Loader, names: Iterable[str]) -> list[Loaded]:
    """Raises InvalidInput with the findings of all of them, each once."""
    loaded: list[Loaded] = []
    findings: dict[Finding, None] = {}
    for name in names:
        try:
            loaded.append(loader.load(name))
        except InvalidInput as error:
            findings |= dict.fromkeys(error.findings)
    if findings:
        raise InvalidInput(findings)
    return loaded


def check_all(root: str, names: Sequence[str], sections: Sequence[Section]) -> Checked:
    """Everything that is wrong or unwise in these environments (in all, if none is named)."""
    loader = Loader(root, sections)
    checked = files.chosen(root, names)
    findings: dict[Finding, None] = dict.fromkeys(_schema_file(root, loader))
    for name in checked:
        try:
            findings |= dict.fromkeys(loader.load(name).warnings)
        except InvalidInput as error:
            findings |= dict.fromkeys(error.findings)
    return Checked(checked, tuple(sorted(findings, key=lambda finding: finding.position)))


def _schema_file(root: str, loader: Loader) -> Iterator[Finding]:
    """The editor's schema in the repository, if there is one, should be this version's."""
    try:
        with open(os.path.join(root, files.SCHEMA), "rb") as file:
            present = file.read()
    except OSError:
        return
    if present != schema_file(loader.sections):
        message = f"is not this version's; run gitops-gen schema --layer > {files.SCHEMA}"
        yield Finding("schema-file", message, Position(files.SCHEMA), Severity.WARNING)


def _documents(root: str, name: str) -> list[Node]:
    """The layers that are there, lowest first; the errors of all of them at once."""
    nodes: list[Node] = []
    findings: list[Finding] = []
    for file in files.input_files(name):
        path = os.path.join(root, file)
        if file != files.environment_file(name) and not os.path.lexists(path):
            continue
        try:
            nodes.append(layers.node(yaml.read(FilePath(path), file)))
        except InvalidInput as error:
            findings += error.findings
    if findings:
        raise InvalidInput(findings)
    return nodes


def _nothing(name: str) -> Node:
    position = Position(files.environment_file(name))
    return Node({}, Mark(position, position))
