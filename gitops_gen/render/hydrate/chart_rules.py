"""Rules for the objects that a chart renders."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from gitops_gen.components.types import Component, HydratedChart
from gitops_gen.errors import ToolFailed
from gitops_gen.model import Environment, FieldPath, Finding, ObjectId, Rule
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.render.hydrate.protection import unprotected
from gitops_gen.render.hydrate.scope import stored_identity
from gitops_gen.rule_registry import defined_in
from gitops_gen.secrets import texts
from gitops_gen.secrets.names import Likelihood, likelihood
from gitops_gen.secrets.walk import scalars

NO_OBJECT = Rule(
    "repository-chart-empty",
    title="A chart renders at least one object",
    why="A chart without objects most likely has values that disable everything.",
    remedy="Correct the values of the chart, or disable the add-on.",
)
SECRET_DATA = Rule(
    "repository-chart-secret-data",
    title="A chart renders no Secret with data and no private key",
    why="The rendered files are committed to Git, where every user with read access to the "
    "repository can read them.",
    remedy="Leave the Secret out and name one that exists in the cluster, or render an "
    "ExternalSecret. If a field contains no secret, excuse the finding with an entry of `ignore` "
    "that names the object and the field.",
    excusable=True,
    needs_field=True,
)
PLAIN_SECRET = Rule(
    "repository-chart-secret",
    title="A chart renders no secret in plain text",
    why="The rendered files are committed to Git, where every user with read access to the "
    "repository can read them.",
    remedy="Store the secret in a Secret in the cluster and reference that Secret. If the text is "
    "not a secret, excuse the finding.",
    excusable=True,
)
UNPROTECTED = Rule(
    "repository-chart-data",
    title="Objects of charts that hold data are protected from deletion",
    why="Without these annotations, Argo CD or Helm would delete the data with the object.",
    remedy="Correct the annotations as the message states, or state that the object contains no "
    "data to keep.",
)
ARGOCD_OBJECT = Rule(
    "repository-chart-argocd",
    title="A chart renders no Application and no AppProject",
    why="Only gitops-gen writes argocd/, and a second Application could sync the objects of the "
    "first one.",
    remedy="Remove the object from the chart.",
)
SYSTEM_NAMESPACE = Rule(
    "repository-chart-namespace",
    title="A chart writes to system namespaces only if the values list them",
    why="Namespaces such as kube-system belong to the cluster, and the AppProject allows an add-on "
    "only the namespaces in the values.",
    remedy="List the namespace under `namespaces` of the add-on, or use another one in the chart.",
)

_PRIVATE_KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")
_ARGOCD_KINDS = frozenset({"Application", "ApplicationSet", "AppProject"})
_SYSTEM_NAMESPACES = frozenset({"default", "kube-node-lease", "kube-public", "kube-system"})
# The annotation in which kubectl stores a copy of the object.
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def applied_rules() -> frozenset[Rule]:
    """The rules that `chart_findings` applies, with or without a finding."""
    return frozenset(defined_in(sys.modules[__name__]))


def chart_findings(
    environment: Environment, component: Component, found: Sequence[KubeObject]
) -> Iterator[Finding]:
    """Yields the findings about the rendered objects of a chart that is a separate release.

    Raises ToolFailed if a built-in chart renders no object.
    """
    if component.source.is_first_party:
        if not found:
            raise ToolFailed(
                f"Helm rendered no object of {component.name}; run `gitops-gen doctor`"
            )
        return
    if not found and not _has_other_part(component):
        yield no_object(environment, component)
    allowed = component.touches | {component.namespace}
    for item in found:
        identity = stored_identity(item.id, component)
        for problem in _problems(item, identity, allowed):
            yield environment.finding(
                problem.rule,
                component.section,
                f"{problem.text} (template {item.template})",
                key=True,
                rendered=identity,
                object_field=problem.field,
            )


def no_object(environment: Environment, component: Component) -> Finding:
    text = "renders no object; correct its values, or disable it"
    return environment.finding(NO_OBJECT, component.section, text, key=True)


def _has_other_part(component: Component) -> bool:
    """Whether another component has the remaining objects of the release, which may be all."""
    source = component.source
    return isinstance(source, HydratedChart) and source.part != "all"


class _Problem(NamedTuple):
    rule: Rule
    text: str
    field: FieldPath | None = None


def _problems(item: KubeObject, identity: ObjectId, allowed: frozenset[str]) -> Iterator[_Problem]:
    """Yields the problems of an object. `identity` is the identity in the API server."""
    yield from _secrets(item, identity)
    if reason := unprotected(identity.group_kind, item.value):
        yield _Problem(UNPROTECTED, f"renders {identity} {reason}")
    if identity.group == "argoproj.io" and identity.kind in _ARGOCD_KINDS:
        text = (
            f"renders {identity}, but only gitops-gen may write argocd/; remove it from the chart"
        )
        yield _Problem(ARGOCD_OBJECT, text)
    is_namespace = identity.group_kind == ("", "Namespace")
    namespace = identity.name if is_namespace else identity.namespace
    if namespace in _SYSTEM_NAMESPACES - allowed:
        text = f"renders {identity}, but {namespace} is a system namespace; list it in namespaces"
        yield _Problem(SYSTEM_NAMESPACE, text)


def _secrets(item: KubeObject, identity: ObjectId) -> Iterator[_Problem]:
    """Yields the key material in an object. One field is enough for a text in plain."""
    if key_material := list(_key_material(item, identity)):
        yield from key_material
        return
    # The texts in a CRD are examples.
    is_crd = item.id.kind == "CustomResourceDefinition"
    found = None if is_crd else next(_secrets_in(item.value), None)
    if found:
        advice = f"(if it is not a secret, add '{identity}' to ignore)"
        text = f"renders {identity} with {found}; store it in a Secret and reference that Secret"
        yield _Problem(PLAIN_SECRET, f"{text} {advice}")


def _key_material(item: KubeObject, identity: ObjectId) -> Iterator[_Problem]:
    """Yields the data of a Secret, and private keys in other objects, field by field."""
    if item.id.group_kind == ("", "Secret"):
        for field in _data_fields(item.value):
            text = f"renders {identity} with its data in {field}, which would be committed to Git"
            advice = "remove it and reference an existing Secret (or use an ExternalSecret)"
            yield _Problem(SECRET_DATA, f"{text}; {advice}", field)
    elif _PRIVATE_KEY.search(item.content):
        paths = [path for path, text in scalars(item.value) if _is_private_key(text)]
        # In a comment, it has no field, and no excuse covers it.
        places: list[FieldPath | None] = [FieldPath(path) for path in paths]
        for place in places or [None]:
            where = f" in {place}" if place else ""
            text = f"renders {identity} with a private key{where}"
            text += "; create a Secret with the key by hand"
            yield _Problem(SECRET_DATA, text, place)


def _is_private_key(text: object) -> bool:
    return isinstance(text, str) and _PRIVATE_KEY.search(text.encode()) is not None


def _data_fields(secret: Any) -> Iterator[FieldPath]:
    """Yields the fields of a Secret that are not empty."""
    for name in ("data", "stringData"):
        data = secret.get(name)
        if isinstance(data, dict):
            yield from (FieldPath((name, str(key))) for key, text in data.items() if text)
        elif data:
            yield FieldPath((name,))


def _secrets_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from _secret_variable(value)
        for key, inner in value.items():
            yield from _secrets_in(_object_in_json(inner) if key == _LAST_APPLIED else inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _secrets_in(inner)
    elif isinstance(value, str) and (found := texts.secret_by_form(value)):
        yield found


def _secret_variable(item: dict[str, Any]) -> Iterator[str]:
    """Yields a description of the secret in a variable of a container, if it contains one.

    Such a variable has the form {name: DB_PASSWORD, value: …}.
    """
    name, text = item.get("name"), item.get("value")
    if not (isinstance(name, str) and isinstance(text, str) and texts.is_literal(text)):
        return
    level = likelihood(name)
    if level is Likelihood.CERTAIN or (level is Likelihood.PERHAPS and texts.looks_random(text)):
        yield f"the plain text value of '{name}', which looks like a secret"


def _object_in_json(text: Any) -> Any:
    """The object that a text contains as JSON, or the text itself for a Secret."""
    try:
        value = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return text
    if isinstance(value, dict) and value.get("kind") == "Secret":
        return text
    return value
