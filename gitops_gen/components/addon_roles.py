"""The IAM roles that add-ons declare, in the format of terraform/modules/addons.

A component declares its role as `AWS_ROLE` in its component.py. `make addon-roles` writes all roles
to the file that the Terraform module reads; a test fails if the file is out of date.
"""

from __future__ import annotations

import json

from gitops_gen.components import catalogue
from gitops_gen.components.types import AddonRole
from gitops_gen.model import Values

FILE = "terraform/modules/addons/roles.json"


def declared_roles() -> tuple[AddonRole, ...]:
    """Returns the roles of all add-ons, sorted by name."""
    found = [folder.aws_role for folder in catalogue() if folder.aws_role]
    return tuple(sorted(found, key=lambda role: role.name))


def roles_file() -> bytes:
    """Returns the content of FILE."""
    roles = {role.name: _described(role) for role in declared_roles()}
    return (json.dumps(roles, indent=2) + "\n").encode()


def _described(role: AddonRole) -> Values:
    return {
        "namespace": role.namespace,
        "service_account": role.service_account,
        "aws_policies": list(role.aws_policies),
        "policy": role.policy,
        "optional": role.optional,
    }
