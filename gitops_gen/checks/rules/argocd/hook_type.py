"""Hooks that Argo CD does not know."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.dependencies import HELM_HOOK, HOOK
from gitops_gen.checks.view import EnvironmentView, ObjectIssue, annotations_of
from gitops_gen.inputs.wording import did_you_mean
from gitops_gen.model import Rule
from gitops_gen.render.hydrate.protection import options

RULE = Rule(
    "argocd-hook",
    title="The hooks of an object are hooks of Argo CD",
    why="Argo CD applies an object with an unknown hook in no phase of a sync, without an "
    "error. If it does not know the deletion policy, it uses BeforeHookCreation.",
    remedy="Use one of the hooks or policies that the message lists, or remove the annotation.",
    bad="""\
kind: Job
metadata:
  annotations: {argocd.argoproj.io/hook: presync}""",
    good="""\
kind: Job
metadata:
  annotations: {argocd.argoproj.io/hook: PreSync}""",
)
_WORDS = {
    HOOK: ("PreSync", "Sync", "PostSync", "SyncFail", "PreDelete", "PostDelete", "Skip"),
    f"{HOOK}-delete-policy": ("BeforeHookCreation", "HookSucceeded", "HookFailed"),
    # Helm itself leaves out an object with an unknown hook, but not one with an unknown policy.
    f"{HELM_HOOK}-delete-policy": ("before-hook-creation", "hook-succeeded", "hook-failed"),
}


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    for item in view.objects:
        if not any(name.encode() in item.content for name in _WORDS):
            continue
        found = dict(annotations_of(item))
        for name, allowed in _WORDS.items():
            for word in options(found, name):
                if word not in allowed:
                    hint = did_you_mean(word, allowed) or f"; it knows {', '.join(allowed)}"
                    text = f"{item.id} has {name}: {word}, which Argo CD does not know{hint}"
                    yield ObjectIssue(item, text, ("metadata", "annotations", name))
