"""The file with the AWS roles for Terraform is generated from the declarations of add-ons."""

from __future__ import annotations

import json

from gitops_gen.components.addon_roles import FILE, declared_roles, roles_file
from tests.repository import ROOT


def test_terraform_has_what_the_add_ons_declare() -> None:
    assert (ROOT / FILE).read_bytes() == roles_file(), "run `make addon-roles`"


def test_no_two_add_ons_share_a_role() -> None:
    """The file would contain only one of two roles with the same name."""
    assert len(json.loads(roles_file())) == len(declared_roles())


def test_every_policy_file_exists() -> None:
    policies = [role.policy for role in declared_roles() if role.policy]
    assert policies
    assert [name for name in policies if not (ROOT / FILE).with_name(name).is_file()] == []


def test_every_role_allows_something() -> None:
    assert all(role.policy or role.aws_policies for role in declared_roles())
