"""The flows of an environment, and whether NetworkPolicies allow them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from gitops_gen.checks.traffic.parties import TCP, Party
from gitops_gen.checks.traffic.policies import Judgement
from gitops_gen.model import Path
from gitops_gen.objects.kube_object import KubeObject


class FlowNeed(Enum):
    """How certain it is that something fails without a flow."""

    REQUIRED = "required"
    NAMED = "named"
    """A container names the Service, but perhaps does not connect to it."""
    OPTIONAL = "optional"
    """It is used seldom, so that its absence is not reported."""


@dataclass(frozen=True, eq=False)
class Flow:
    """Connections that the values imply, to one port."""

    source: Party
    target: Party
    port: int
    """The number of the port at the target."""
    purpose: str
    """What needs the connections, as the end of a sentence."""
    origin: KubeObject
    """The object that implies the flow."""
    path: Path = ()
    """The field of it that does."""
    protocol: str = TCP
    need: FlowNeed = FlowNeed.REQUIRED
    fields: tuple[tuple[KubeObject, Path], ...] = ()
    """Further fields that decide between which ends and on which port it is."""


@dataclass(frozen=True, eq=False)
class JudgedFlow:
    flow: Flow
    judgement: Judgement
