"""What Terraform printed -> its facts, checked, each with its place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Network
from pathlib import Path as FilePath
from typing import Any

from gitops_gen.errors import InvalidInput
from gitops_gen.inputs.validate import Validation
from gitops_gen.model import Document, Environment, Finding, Mark, Path, Position, Rule, Values
from gitops_gen.yaml import parse_json

RULE = Rule(
    "terraform-output",
    title="Terraform's output is complete and valid",
    why="The environment would be rendered with wrong facts about its cluster.",
    remedy="Run `terraform apply` in terraform/infra and import its output again.",
)
OUTPUT = "gitops"
SCHEMA = FilePath(__file__).with_name("gitops.schema.json")
SCHEMA_VERSION = 1
LARGEST = 1 << 20

_SUBNETS = ("publicSubnetCidrs", "privateSubnetCidrs")
_COMMAND = "give what `terraform output -json gitops` prints"


def read(data: bytes, file: str) -> Environment:
    """Both shapes are understood: the output `gitops` alone, and all outputs together.

    Raises InvalidInput with all that is wrong; `file` is the name that messages show.
    """
    if len(data) > LARGEST:
        message = f"is larger than {LARGEST >> 20} MiB; {_COMMAND}"
        raise InvalidInput.at(Position(file), message, RULE)
    facts = _facts(_document(data, file), file)
    _require_our_version(facts)
    schema: Values = json.loads(SCHEMA.read_bytes())
    findings = Validation(schema).findings(facts, {}) or list(_contradictions(facts))
    if findings:
        raise InvalidInput(findings)
    return facts


def _document(data: bytes, file: str) -> Document:
    if not data.strip():
        message = f"holds nothing; {_COMMAND}, after `terraform apply`"
        raise InvalidInput.at(Position(file), message, RULE)
    try:
        return parse_json(data, file)
    except InvalidInput as error:
        raise InvalidInput(_advised(finding, data) for finding in error.findings) from error


def _advised(finding: Finding, data: bytes) -> Finding:
    advice = f"; {_COMMAND}"
    if data.startswith((b"[command]", b"::")):
        # What the action hashicorp/setup-terraform prints around it.
        advice += " (in a workflow, set terraform_wrapper: false where Terraform is set up)"
    return replace(finding, message=finding.message + advice)


def _facts(document: Document, file: str) -> Environment:
    value = document.value
    if not isinstance(value, dict):
        raise InvalidInput.at(Position(file), f"holds no map; {_COMMAND}", RULE)
    if _is_output(value.get(OUTPUT)):
        return _below(document, (OUTPUT, "value"), file)
    if all(_is_output(output) for output in value.values()):
        outputs = f" (there are: {', '.join(sorted(value)[:12])})" if value else ""
        text = f"there is no output '{OUTPUT}'{outputs}; {_COMMAND} in terraform/infra"
        raise InvalidInput.at(Position(file), f"{text}, once it is applied", RULE)
    return _below(document, (), file)


def _is_output(value: Any) -> bool:
    """As `terraform output -json` prints each: {"sensitive": …, "type": …, "value": …}."""
    return isinstance(value, dict) and {"sensitive", "value"} <= value.keys()


def _below(document: Document, at: Path, file: str) -> Environment:
    """A part of the document as values with places; only messages ask for the rest."""
    value = document.value
    for key in at:
        value = value[key]
    if not isinstance(value, dict):
        message = f"the output '{OUTPUT}' is no map; {_COMMAND} in terraform/infra"
        raise InvalidInput.at(document.values[at], message, RULE)
    marks = {
        path[len(at) :]: Mark(document.keys.get(path, place), place)
        for path, place in document.values.items()
        if path[: len(at)] == at
    }
    return Environment(OUTPUT, value, marks, file)


def _require_our_version(facts: Environment) -> None:
    """Before all else: of another version our schema would only mislead."""
    version = facts.values.get("schemaVersion")
    if type(version) is int and version != SCHEMA_VERSION:
        newer = version > SCHEMA_VERSION
        remedy = "a newer gitops-gen" if newer else "terraform/ of this gitops-gen"
        text = f"{version} is not the version that this gitops-gen reads ({SCHEMA_VERSION}); take "
        raise InvalidInput([facts.finding(RULE, ("schemaVersion",), text + remedy)])


# What the schema cannot say


def _contradictions(facts: Environment) -> Iterator[Finding]:
    for theme in (_zones, _subnets, _certificate, _ports):
        for path, text in theme(facts):
            yield facts.finding(RULE, path, f"{text}; correct it in Terraform")


def _zones(facts: Environment) -> Iterator[tuple[Path, str]]:
    region, zones = facts.get("region"), facts.get("vpc", "zones")
    for number, zone in enumerate(zones):
        if not zone.startswith(region):
            yield ("vpc", "zones", number), f"'{zone}' is not in the region {region}"
    for key in _SUBNETS:
        if len(facts.get("vpc", key)) != len(zones):
            yield ("vpc", key), f"has {len(facts.get('vpc', key))} subnets for {len(zones)} zones"


def _subnets(facts: Environment) -> Iterator[tuple[Path, str]]:
    vpc = _network(facts.get("vpc", "cidr"))
    if vpc is None:
        yield ("vpc", "cidr"), f"'{facts.get('vpc', 'cidr')}' is no address range"
    for key in _SUBNETS:
        for number, cidr in enumerate(facts.get("vpc", key)):
            subnet = _network(cidr)
            if subnet is None:
                yield ("vpc", key, number), f"'{cidr}' is no address range"
            elif vpc is not None and not subnet.subnet_of(vpc):
                yield ("vpc", key, number), f"'{cidr}' is not in the VPC, {vpc}"


def _network(cidr: str) -> IPv4Network | None:
    try:
        return IPv4Network(cidr)
    except ValueError:
        return None


def _certificate(facts: Environment) -> Iterator[tuple[Path, str]]:
    """arn:partition:acm:region:account:certificate/id"""
    arn = facts.get("certificateArn")
    for part, key in ((3, "region"), (4, "accountId")) if arn else ():
        if arn.split(":")[part] != facts.get(key):
            yield ("certificateArn",), f"is not of the cluster's {key}, {facts.get(key)}"


def _ports(facts: Environment) -> Iterator[tuple[Path, str]]:
    first, last = (facts.get("podPorts", key, default=0) for key in ("from", "to"))
    if first > last:
        yield ("podPorts", "from"), f"{first} is above 'to', {last}"
