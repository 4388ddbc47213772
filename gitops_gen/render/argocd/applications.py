"""Applications: the root, which makes Argo CD sync the others, and one a component."""

from __future__ import annotations

from gitops_gen.components.types import Component
from gitops_gen.model import Environment, Values
from gitops_gen.objects import layout
from gitops_gen.render.argocd.manifests import BOOTSTRAP, NAMESPACE, SERVER, manifest, metadata
from gitops_gen.render.plan.plan import Planned

ROOT = "root"
# Argo CD compares by itself. With the API server's comparison (server-side diff), an Application
# whose change the API server refuses is shown as Synced: docs/decisions/argocd.md.
COMPARE_OPTIONS = "ServerSideDiff=false"

# A failed revision is tried again, on what is the newest by then, until the sync times out.
RETRY = {
    "limit": -1,
    "refresh": True,
    "backoff": {"duration": "10s", "factor": 2, "maxDuration": "3m"},
}


def root_application(environment: Environment) -> Values:
    spec = {
        "project": BOOTSTRAP,
        "source": _git_source(environment, layout.apps(environment.name), recurse=False),
        "destination": {"server": SERVER, "namespace": NAMESPACE},
        "syncPolicy": _sync_policy([]),
        "revisionHistoryLimit": 10,
    }
    # No PruneLast: Applications are pruned from the highest wave down, and it would prune all at
    # once, a controller together with the objects that only it can delete.
    # No finalizer: deleting root by mistake must not delete everything in the cluster.
    return manifest("Application", metadata(ROOT, compare_options=COMPARE_OPTIONS), spec)


def component_application(environment: Environment, item: Planned) -> Values:
    component = item.component
    source = _application_source(environment, component)
    annotations = {"compare_options": COMPARE_OPTIONS}
    if "path" in source:
        annotations["manifest_generate_paths"] = f"/{source['path']}"
    application_metadata = metadata(component.name, item.wave, **annotations)
    application_metadata["finalizers"] = ["resources-finalizer.argocd.argoproj.io"]
    spec = {
        "project": environment.name,
        "source": source,
        "destination": {"server": SERVER, "namespace": component.namespace},
        "syncPolicy": _component_sync_policy(component),
        "revisionHistoryLimit": 5,
    }
    if component.ignore_differences:
        spec["ignoreDifferences"] = list(component.ignore_differences)
    return manifest("Application", application_metadata, spec)


def _application_source(environment: Environment, component: Component) -> Values:
    path = layout.manifests(environment.name, component.name)
    return component.source.application_source or _git_source(environment, path, recurse=True)


def _git_source(environment: Environment, path: str, *, recurse: bool) -> Values:
    repository = environment.values["repository"]
    prefix = f"{repository['path']}/" if "path" in repository else ""
    return {
        "repoURL": repository["url"],
        "targetRevision": repository["revision"],
        "path": f"{prefix}{path}",
        # Without it, a Chart.yaml in the folder would make it a Helm source.
        "directory": {"recurse": recurse},
    }


def _sync_policy(options: list[str]) -> Values:
    policy: Values = {"automated": {"prune": True, "selfHeal": True, "allowEmpty": False}}
    if options:
        policy["syncOptions"] = options
    return {**policy, "retry": RETRY}


def _component_sync_policy(component: Component) -> Values:
    policy = _sync_policy(_sync_options(component))
    if component.create_namespace is not None:
        policy["managedNamespaceMetadata"] = {"labels": component.create_namespace}
    return policy


def _sync_options(component: Component) -> list[str]:
    options = [*component.source.sync_options, "PruneLast=true"]
    if component.create_namespace is not None:
        options.insert(0, "CreateNamespace=true")
    if component.ignore_differences:
        options.append("RespectIgnoreDifferences=true")
    if any(name.startswith("crds:") for name in component.requires):
        options.append("SkipDryRunOnMissingResource=true")
    return options + [option for option in component.sync_options if option not in options]
