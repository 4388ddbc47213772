"""The ClusterSecretStore by which ExternalSecrets read AWS."""

from __future__ import annotations

from typing import Literal, TypeAlias

from gitops_gen.model import Environment

SECTION = ("addons", "external-secrets")
NAME = "aws-secrets-manager"
"""Of the store where values name none. A chart in the add-on's place has to bring it."""

Service: TypeAlias = Literal["SecretsManager", "ParameterStore"]


def store_name(environment: Environment) -> str:
    return str(environment.get(*SECTION, "store", "name", default=NAME))


def store_service(environment: Environment) -> Service:
    service = environment.get(*SECTION, "store", "service")
    return "ParameterStore" if service == "ParameterStore" else "SecretsManager"


def capability(name: str) -> str:
    """What the store of this name provides."""
    return f"secretstore:{name}"
