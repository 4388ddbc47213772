"""Variables with objects: a misspelled key is refused, and every other key has an effect."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from workspace import REPOSITORY, Plan, Workspace, folders, resources

OBJECTS = Path(__file__).parent / "objects"
MISTAKES = sorted(OBJECTS.glob("*/invalid/*.tfvars"))
ROOTS = ("infra", "bootstrap")
_VARIABLE = re.compile(r'^variable "(\w+)" \{\n(.*?)^\}', re.S | re.M)
_REFUSAL = re.compile(
    r"[\w.-]+: (?:there is no|this key is required|the value must be)\b"
    r"|[\w.]+ \(\w+\): |role [\w-]+: |addon_versions: each"  # of a module
)


def variables(folder: str) -> dict[str, str]:
    """Returns the blocks of the variables of a folder, by name."""
    files = (REPOSITORY / "terraform" / folder).glob("*.tf")
    return dict(pair for file in files for pair in _VARIABLE.findall(file.read_text()))


def refusals(root: str, name: str) -> list[str]:
    return re.findall(r"# refused: (.*)", (OBJECTS / root / f"invalid/{name}.tfvars").read_text())


@pytest.mark.parametrize("file", MISTAKES, ids=lambda file: f"{file.parts[-3]}-{file.stem}")
def test_each_error_is_reported_with_the_name_of_the_key(workspace: Workspace, file: Path) -> None:
    root = file.parts[-3]
    workspace.init(root)
    arguments = ("-input=false", "-no-color", "-state=none.tfstate", f"-var-file={file}")
    said = " ".join(workspace.run(root, "plan", *arguments, fails=True).split())
    for refusal in refusals(root, file.stem):
        assert refusal in said
    assert len(set(_REFUSAL.findall(said))) == len(refusals(root, file.stem)) > 0


@pytest.mark.parametrize("root", ROOTS)
def test_each_object_and_each_key_has_error_cases(root: str) -> None:
    """A new object or key must have lines in the files that the test above checks."""
    misspelled = "\n".join(refusals(root, "misspelled"))
    mistyped = "\n".join(refusals(root, "mistyped"))
    mistyped += "\n" + "\n".join(refusals(root, "existing-vpc")) if root == "infra" else ""
    known = dict(re.findall(r"The keys of (\S+) are (.*)\.$", misspelled, re.M))
    for name, keys in known.items():
        for key in keys.split(", "):
            assert re.search(rf"^{name}\.{key}[.:].* must be of type", mistyped, re.M), key
    objects = {name for name, body in variables(root).items() if re.search("type += any", body)}
    assert objects == {name.split(".")[0] for name in known}


# Values that the validations of other variables refuse, in addition to Terraform's types.
REFUSED = {
    "infra": {
        "account_id": ("1234567", "account_id: must be twelve digits"),
        "region": ("eu-wset-1", "Did you mean eu-west-1?"),
        "name": ("Acme_Dev", "name: must be 3 to 32 lower-case letters"),
        "kubernetes_version": ("1.35.1", "kubernetes_version: must be a minor version"),
        "deletion_protection": ("on", "a bool is required"),
        "addon_roles": ('["externalsecrets"]', "Did you mean external-secrets?"),
        "external_secrets": ("on", "a bool is required"),
        "snapshots_kept": ("-1", "snapshots_kept: must be a number from 0 to 1000"),
        "ebs_encryption_by_default": ("on", "a bool is required"),
        "tags": ('{Name = "acme"}', "tags: must consist of letters, digits"),
    },
    "bootstrap": {
        "environment": ("nowhere", "There is no argocd/nowhere/bootstrap.yaml"),
        "account_id": ("1234567", "account_id: must be twelve digits"),
        "region": ("eu-west-1a", "region: must be a region of AWS"),
        "cluster_name": ("Acme_Dev", "cluster_name: must be 3 to 32 lower-case letters"),
        "namespaces": ('["Database"]', "namespaces: each must be at most 63 lower-case letters"),
    },
}
COMPLETE = {"infra": "examples/default.tfvars", "bootstrap": "examples/default.tfvars.json"}


@pytest.mark.parametrize(
    ("root", "variable"), [(root, name) for root in REFUSED for name in REFUSED[root]]
)
def test_each_plain_variable_refuses_unknown_values(
    workspace: Workspace, root: str, variable: str
) -> None:
    workspace.init(root)
    value, refusal = REFUSED[root][variable]
    given = (f"-var-file={COMPLETE[root]}", f"-var={variable}={value}", "-state=none.tfstate")
    said = workspace.run(root, "plan", "-input=false", "-no-color", *given, fails=True)
    assert refusal in " ".join(said.replace("│", " ").split())


@pytest.mark.parametrize("root", ROOTS)
def test_each_variable_is_an_object_or_has_refused_values(root: str) -> None:
    objects = {name for name, body in variables(root).items() if re.search("type += any", body)}
    assert objects | REFUSED[root].keys() == variables(root).keys()


def test_no_type_drops_a_key() -> None:
    """Object types of Terraform ignore unknown keys, so no variable has an object type.

    Modules have variables without objects, and Terraform checks the names of variables.
    """
    for folder in folders():
        for name, body in variables(folder).items():
            assert not re.search(r"^ *type += .*\bobject\(", body, re.S | re.M), f"{folder}: {name}"
            unchecked = "type        = any" in body and folder.startswith("modules/")
            assert not unchecked or folder == "modules/object", f"{folder}: {name}"


@pytest.mark.parametrize("root", ROOTS)
def test_only_the_checked_form_of_an_object_is_used(root: str) -> None:
    objects = [name for name, body in variables(root).items() if re.search("type += any", body)]
    for file in (REPOSITORY / "terraform" / root).glob("*.tf"):
        if file.name != "variables.tf":
            assert not re.search(rf"\bvar\.({'|'.join(objects)})\b", file.read_text()), file


def test_every_key_of_infra_has_an_effect(fresh: Workspace) -> None:
    state = applied_with_every_key(fresh, "infra")
    handed_over = state["values"]["outputs"]["gitops"]["value"]
    assert handed_over["certificateArn"].endswith("certificate/0f1e2d3c")


def test_every_key_of_bootstrap_has_an_effect(fresh: Workspace) -> None:
    state = applied_with_every_key(fresh, "bootstrap")
    (argocd,) = (one.values for one in resources(state) if one.address.endswith(".argocd"))
    values = argocd["values"]
    assert len(values) == 3, "values-ha.yaml lies over values.yaml"
    assert "gitlabSecret" in values[-1]
    opened = fresh.calls(call="open", type="aws_secretsmanager_secret_version")
    assert {call["result"]["secret_id"] for call in opened} == {"acme/git", "acme/webhook"}
    written = [call["write_only"] for call in fresh.calls(call="apply") if call["write_only"]]
    copies = [
        one["data_wo"] for one in written if "username" in str(one) and "secret-word" in str(one)
    ]
    assert [copy["username"] for copy in copies] == ["app", "app"]
    (in_secrets_manager,) = (
        one["secret_string_wo"] for one in written if "secret_string_wo" in one
    )
    assert json.loads(in_secrets_manager).keys() == {"admin-user", "admin-password"}
    assert "https://github.com/acme/platform.git" in [
        one.get("data_wo", {}).get("url") for one in written
    ]


def applied_with_every_key(workspace: Workspace, root: str) -> Plan:
    """Applies all keys, compares each resource with every-key.json, and returns the state."""
    state = workspace.apply(root, f"-var-file={OBJECTS / root / 'valid/every-key.tfvars'}")
    found = {one.address: one.values for one in resources(state)}
    wanted = json.loads((OBJECTS / root / "valid/every-key.json").read_text())
    for address, arguments in wanted.items():
        assert part(found.get(address), arguments) == arguments, address
    return state


def part(whole: Any, wanted: Any) -> Any:
    """Returns the parts of a value that `wanted` also contains."""
    if isinstance(wanted, dict):
        return {key: part(whole[key], value) for key, value in wanted.items()}
    if isinstance(wanted, list):
        return [part(*pair) for pair in zip(whole, wanted, strict=True)]
    return whole


def test_the_docs_show_the_message_about_a_misspelled_variable(fresh: Workspace) -> None:
    """In a file it causes a warning, and on the command line an error."""
    page = (REPOSITORY / "docs/terraform.md").read_text()
    (shown,) = re.findall(r"^Warning: .*?(?=^```)", page, re.S | re.M)
    fresh.init("infra")
    infra = fresh.root / "terraform/infra"
    example = (infra / "examples/default.tfvars").read_text()
    (infra / "dev.tfvars").write_text(example + 'albs = { allowed_cidrs = ["203.0.113.0/24"] }\n')
    said = fresh.run("infra", "plan", "-no-color", "-var-file=dev.tfvars")
    assert " ".join(shown.split()) in " ".join(said.split())
    arguments = ("plan", "-no-color", "-var-file=examples/default.tfvars", "-var=albs={}")
    assert "Value for undeclared variable" in fresh.run("infra", *arguments, fails=True)
