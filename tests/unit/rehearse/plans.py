"""Plans for rehearsals of the rendered example."""

from __future__ import annotations

from pathlib import Path

from gitops_gen.components.types import NamedSecret
from gitops_gen.model import Position
from gitops_gen.rehearse.plan import Push, RehearsalPlan
from gitops_gen.rehearse.result import Mode
from gitops_gen.rehearse.revision_facts import ComponentFacts, RevisionFacts
from gitops_gen.rehearse.servers.argocd import Settings
from gitops_gen.rehearse.servers.tools import Tools
from tests.repository import ROOT

LINE = Position("values/dev.yaml", 6, 3)
PASSWORD = NamedSecret("database", "postgres-auth", ("password",), "the password of postgres")
CRDS = ComponentFacts(
    "prometheus-operator-crds", -30, "", LINE, frozenset({"crds:monitoring.coreos.com"})
)
POSTGRES = ComponentFacts("postgres", 10, "database", LINE, secrets=(PASSWORD,))
FACTS = RevisionFacts((CRDS, POSTGRES), kubernetes="1.35", notes=("a stale render",))
BASE = Push("base", "v1 (abc1234)", ROOT, FACTS)
PUSH = Push("push", "the work tree", ROOT, FACTS)


def plan(mode: Mode, *pushes: Push, folder: Path = Path(), kubectl: str = "") -> RehearsalPlan:
    tools = Tools({"kubectl": kubectl} if kubectl else {})
    settings = Settings({}, {}, note="Argo CD is set up as by default")
    return RehearsalPlan(
        "dev",
        mode,
        tools,
        folder,
        pushes or (PUSH,),
        settings,
        notes=("kube-apiserver has the version 1.36.1, but the environment has 1.35",),
        versions={"kube-apiserver": "1.36.1"},
    )
