"""Compares a variables file with its replacement: what Terraform would delete or replace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gitops_gen.errors import InvalidInput
from gitops_gen.model import (
    Document,
    FieldPath,
    Finding,
    Path,
    Position,
    Rule,
    Severity,
    Values,
    dotted,
)
from gitops_gen.yaml import parse_json

LOST = Rule(
    "previous-variables",
    title="A new variables file does not make Terraform replace a password or delete a Secret",
    why="Terraform would replace a password or delete a Secret without a visible change of the "
    "values.",
    remedy="Follow the message, or choose another path for the file.",
)
DELETED = Rule(
    "previous-variables-deleted",
    title="A new variables file contains every Secret and IAM role that Terraform created",
    why="Terraform deletes a Secret or an IAM role that is no longer in the variables, although "
    "it may still be in use.",
    remedy="Review the plan of Terraform before you apply it.",
    severity=Severity.WARNING,
)

_REFERENCES: dict[Path, str] = {
    ("repository", "secret_id"): "argocd.repository.secretId",
    ("argocd", "webhook", "secret_id"): "argocd.webhook.secretId",
}
"""The variables that refer to secrets, with the keys of the values that they come from."""

_CREATED = {
    "secrets": "Pods that still use the password cannot read it",
    "pod_roles": "Pods that still use the role lose its permissions",
}
"""The variables for which Terraform creates something per name, with the effect of a deletion."""


def losses(
    previous: bytes, file: str, variables: Values, *, argocd_in_values: bool
) -> Iterator[Finding]:
    """Yields errors if `variables` must not replace the content of `file`, otherwise warnings.

    A warning names what Terraform deletes. Raises InvalidInput if it is not a variables file.
    """
    if not previous.strip():
        return  # a shell that redirects into the file empties it before the command runs
    document = _variables(previous, file)
    previous_name, name = document.value.get("environment"), variables["environment"]
    if previous_name != name:
        text = f"is not a variables file of '{name}'; choose another path, or remove the file"
        yield Finding(LOST, text, document.values.get(("environment",), Position(file)))
        return
    # Any JSON file may have the key `environment`; a variables file also has these keys.
    if not document.value.keys() >= {"repository", "secrets"}:
        raise _not_variables(file)
    yield from _of_another_cluster(document, variables)
    if "argocd" not in document.value and not argocd_in_values:
        yield _second_file(file)
    yield from _lowered_revisions(document, variables)
    yield from _dropped_references(document, variables)
    for section, consequence in _CREATED.items():
        yield from _dropped(document, variables, section, consequence)
    yield from _moved(document, variables)


def _variables(previous: bytes, file: str) -> Document:
    try:
        document = parse_json(previous, file)
    except InvalidInput:
        document = None
    if document is None or not isinstance(document.value, dict):
        raise _not_variables(file)
    return document


def _not_variables(file: str) -> InvalidInput:
    text = "was not written by terraform-vars; choose another path, or remove the file"
    return InvalidInput.at(Position(file), text, LOST)


def _second_file(file: str) -> Finding:
    """The variables of a second file are not in this one, so they cannot be compared."""
    text = (
        "was written by gitops-gen 0.1.0, with which a second -var-file could name the secrets of "
        "Argo CD. The values have no section argocd, so Terraform would delete Argo CD's copies of "
        "these secrets; copy argocd and repository of the second file into the values, or write "
        "`argocd: {ha: false}` if there is no second file (see docs/terraform.md)"
    )
    return Finding(LOST, text, Position(file))


def _of_another_cluster(document: Document, variables: Values) -> Iterator[Finding]:
    """Terraform would expect its resources in one cluster and create them in the other."""
    for key in ("account_id", "cluster_name"):
        old, new = document.value.get(key), variables[key]
        if old is not None and old != new:
            text = (
                f"{key}: is not '{new}' as in the values; choose another path, or remove this file "
                "if the environment has moved"
            )
            yield Finding(LOST, text, document.values[key,])


def _lowered_revisions(document: Document, variables: Values) -> Iterator[Finding]:
    for name in variables["secrets"]:
        path = ("secrets", name, "revision")
        old, new = _at(document.value, path), _at(variables, path)
        if old is not None and (text := _about_revision(_whole(old), new)):
            yield Finding(LOST, f"{dotted(path)}: {text}", document.values[path])


def _about_revision(old: int | None, new: int) -> str:
    if old is None:
        return f"is not a whole number, so it cannot be compared with {new} in the values; fix it"
    if old <= new:
        return ""
    return (
        f"is {old} here and {new} in the values, and any change creates a new password; write "
        f"passwordRevision: {old} into the values, where the Secret is named, or a higher number "
        "for a new password"
    )


def _whole(value: Any) -> int | None:
    """Returns a number as Terraform reads it, for example 7 for "7" and for 7.0, or None."""
    if isinstance(value, bool):
        return None
    try:
        return int(value) if int(value) == float(value) else None
    except (TypeError, ValueError, OverflowError):
        return None


def _dropped_references(document: Document, variables: Values) -> Iterator[Finding]:
    for path, key in _REFERENCES.items():
        if _at(document.value, path) and not _at(variables, path):
            text = (
                f"{dotted(path)}: names a secret, but the values do not, so Terraform would delete "
                f"Argo CD's copy; set {key} in the values or, if the copy should be deleted, set "
                f"{dotted(path)} of this file to null"
            )
            yield Finding(LOST, text, document.values[path])


def _dropped(
    document: Document, variables: Values, section: str, consequence: str
) -> Iterator[Finding]:
    """This is a warning, because the values may have been changed for this purpose."""
    previous = document.value.get(section)
    for name in previous if isinstance(previous, dict) else ():
        if name not in variables[section]:
            path = (section, name)
            text = f"{dotted(path)}: these values do not contain it any more; the next "
            place = document.keys[path]
            message = f"{text}`terraform apply` deletes it, and {consequence}"
            yield Finding(DELETED, message, place, field=FieldPath(path))


def _moved(document: Document, variables: Values) -> Iterator[Finding]:
    """Yields a warning for each password that keeps its name but is deleted in one place."""
    previous = document.value["secrets"]
    for name in previous if isinstance(previous, dict) else ():
        new = variables["secrets"].get(name)
        if new and (text := _about_place(previous[name], new)):
            path = ("secrets", name)
            message, place = f"{dotted(path)}: {text}", document.keys[path]
            yield Finding(DELETED, message, place, field=FieldPath(path))


def _about_place(old: Any, new: Values) -> str | None:
    """Returns where Terraform deletes the password, or None. Its plan shows added namespaces."""
    if (_at(old, ("store",)) or "kubernetes") != new["store"]:
        return (
            f"moves to another store ({new['store']}), so the next `terraform apply` creates a new "
            "password and deletes the old one; set the new password in the database (see "
            "docs/database.md)"
        )
    if removed := sorted(_namespaces(old) - set(new["namespaces"])):
        return (
            f"these values do not contain it in namespace {', '.join(removed)} any more; the next "
            "`terraform apply` deletes it there, and Pods there that still use the password "
            "cannot read it"
        )
    return None


def _namespaces(secret: Any) -> set[str]:
    listed = _at(secret, ("namespaces",))
    return {item for item in listed if isinstance(item, str)} if isinstance(listed, list) else set()


def _at(value: Any, path: Path) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value
