"""The ClusterSecretStore with which ExternalSecrets read from AWS."""

from __future__ import annotations

from typing import Literal, TypeAlias

from gitops_gen.model import Environment

SECTION = ("addons", "external-secrets")
NAME = "aws-secrets-manager"
"""The default name of the store. A user-defined chart that replaces the add-on must create it."""

Service: TypeAlias = Literal["SecretsManager", "ParameterStore"]


def store_name(environment: Environment) -> str:
    return str(environment.get(*SECTION, "store", "name", default=NAME))


def store_service(environment: Environment) -> Service:
    service = environment.get(*SECTION, "store", "service")
    return "ParameterStore" if service == "ParameterStore" else "SecretsManager"


def capability(name: str) -> str:
    """Returns the capability of the store with this name."""
    return f"secretstore:{name}"
