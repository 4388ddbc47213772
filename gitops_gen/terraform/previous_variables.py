"""A file of variables that is about to be replaced: what Terraform would lose by the new one."""

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
    title="A new variables file does not make Terraform lose something",
    why="Terraform would replace a password or delete a Secret without a visible change of the "
    "values.",
    remedy="Follow the message, or choose another place for the file.",
)
DELETED = Rule(
    "previous-variables-deleted",
    title="A new variables file drops what Terraform made",
    why="Terraform deletes what is no longer in the variables, although the values may still need "
    "it.",
    remedy="Review the plan of Terraform before it is applied.",
    severity=Severity.WARNING,
)

_REFERENCES: dict[Path, str] = {
    ("repository", "secret_id"): "argocd.repository.secretId",
    ("argocd", "webhook", "secret_id"): "argocd.webhook.secretId",
}
"""References to secrets -> the values that they come from."""

_MADE = {
    "secrets": "whatever still uses the password cannot read it",
    "pod_roles": "Pods that still use the role are denied whatever it allowed",
}
"""What Terraform makes by name -> what happens without it."""


def losses(
    previous: bytes, file: str, variables: Values, *, argocd_in_values: bool
) -> Iterator[Finding]:
    """Why `variables` must not replace what `file` holds and, as warnings, what is deleted if so.

    Raises InvalidInput where the file is no file of variables at all.
    """
    if not previous.strip():
        return  # a shell that redirects into the file empties it before the command runs
    document = _variables(previous, file)
    previous_name, name = document.value.get("environment"), variables["environment"]
    if previous_name != name:
        text = f"does not hold the variables of '{name}'; choose another place, or remove the file"
        yield Finding(LOST, text, document.values.get(("environment",), Position(file)))
        return
    # Any file may name an environment; one of variables has these keys too.
    if not document.value.keys() >= {"repository", "secrets"}:
        raise _foreign(file)
    yield from _of_another_cluster(document, variables)
    if "argocd" not in document.value and not argocd_in_values:
        yield _second_file(file)
    yield from _lowered_revisions(document, variables)
    yield from _dropped_references(document, variables)
    for section, consequence in _MADE.items():
        yield from _dropped(document, variables, section, consequence)
    yield from _moved(document, variables)


def _variables(previous: bytes, file: str) -> Document:
    try:
        document = parse_json(previous, file)
    except InvalidInput:
        document = None
    if document is None or not isinstance(document.value, dict):
        raise _foreign(file)
    return document


def _foreign(file: str) -> InvalidInput:
    text = "was not written by terraform-vars; choose another place, or remove the file"
    return InvalidInput.at(Position(file), text, LOST)


def _second_file(file: str) -> Finding:
    """What stood in a second file is nowhere in this one, so it cannot be compared."""
    text = (
        "was written by version 0.1.0, beside which a second -var-file may have named Argo CD's "
        "secrets; the values have no section argocd, and Terraform would delete Argo CD's copies "
        "of these secrets; write into the values what the second file says of argocd and of "
        "repository, or `argocd: {ha: false}` if there is no second file: see docs/terraform.md"
    )
    return Finding(LOST, text, Position(file))


def _of_another_cluster(document: Document, variables: Values) -> Iterator[Finding]:
    """Terraform would look for what it made in the one cluster, and make it in the other."""
    for key in ("account_id", "cluster_name"):
        old, new = document.value.get(key), variables[key]
        if old is not None and old != new:
            text = (
                f"{key}: is not '{new}', which the values name; choose another place, or remove "
                "this file if the environment has moved"
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
        return f"is no whole number to compare with {new} in the values; correct it here by hand"
    if old <= new:
        return ""
    return (
        f"is {old} here and {new} in the values, and any change makes a new password; write "
        f"passwordRevision: {old} into the values, where the Secret is named, or a higher number "
        "for a new password"
    )


def _whole(value: Any) -> int | None:
    """Terraform takes "7" and 7.0 for the number 7."""
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
                f"{dotted(path)}: names a secret, the values name none, and Terraform would delete "
                f"Argo CD's copy; write {key} into the values or, if that is meant, null into "
                f"{dotted(path)} of this file"
            )
            yield Finding(LOST, text, document.values[path])


def _dropped(
    document: Document, variables: Values, section: str, consequence: str
) -> Iterator[Finding]:
    """A change of the values may mean it, so this is no error; but it is not seen in them."""
    previous = document.value.get(section)
    for name in previous if isinstance(previous, dict) else ():
        if name not in variables[section]:
            path = (section, name)
            text = f"{dotted(path)}: Terraform does not make it any more, by these values; "
            place = document.keys[path]
            message = f"{text}the next apply deletes it, and {consequence}"
            yield Finding(DELETED, message, place, field=FieldPath(path))


def _moved(document: Document, variables: Values) -> Iterator[Finding]:
    """Passwords that Terraform deletes in one place, though they keep their names."""
    previous = document.value["secrets"]
    for name in previous if isinstance(previous, dict) else ():
        new = variables["secrets"].get(name)
        if new and (text := _about_place(previous[name], new)):
            path = ("secrets", name)
            message, place = f"{dotted(path)}: {text}", document.keys[path]
            yield Finding(DELETED, message, place, field=FieldPath(path))


def _about_place(old: Any, new: Values) -> str | None:
    """That one more namespace gets no copy, Terraform's plan says."""
    if (_at(old, ("store",)) or "kubernetes") != new["store"]:
        return (
            f"moves to another store ({new['store']}), so the next apply makes a new password and "
            "deletes the old one; the database must be told: see docs/database.md, Another password"
        )
    if gone := sorted(_namespaces(old) - set(new["namespaces"])):
        return (
            f"Terraform does not make it in namespace {', '.join(gone)} any more, by these "
            "values; the next apply deletes it there, and whatever still uses the password there "
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
