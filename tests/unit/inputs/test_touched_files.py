"""Which environments changed files belong to."""

from __future__ import annotations

import pytest

from gitops_gen.inputs.touched_files import named_environments
from gitops_gen.revisions.in_memory import InMemory


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), ()),
        (("prod",), ("prod",)),
        (("values/prod.yaml",), ("prod",)),
        (("./values/prod.yaml", "values/clusters/prod.json", "dev"), ("prod", "dev")),
        (("values/prod.yaml", "values/base.yaml"), ()),
        (("values/dev.yaml", "charts/shop/values.yaml"), ()),
        (("values/gone.yaml", "dev"), ("values/gone.yaml", "dev")),
        (("a=b",), ("a=b",)),
        (("/etc/passwd",), ("/etc/passwd",)),
        (("../shop/values.yaml", "dev"), ("../shop/values.yaml", "dev")),
        (("charts/../../shop/values.yaml",), ("charts/../../shop/values.yaml",)),
    ],
)
def test_environments(arguments: tuple[str, ...], expected: tuple[str, ...]) -> None:
    paths = ("values/dev.yaml", "values/prod.yaml", "values/base.yaml", "charts/shop/values.yaml")
    outside = ("/etc/passwd", "../shop/values.yaml", "charts/../../shop/values.yaml")
    revision = InMemory("", dict.fromkeys((*paths, *outside), b""))
    assert named_environments(revision, arguments) == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("values/groups/eu.yaml",), ("prod", "test")),
        (("values/groups/eu.yaml", "values/dev.yaml", "values/prod.yaml"), ("prod", "test", "dev")),
        # No environment names this group, which `check` of all environments reports.
        (("values/groups/us.yaml",), ()),
        (("values/groups/gone.yaml",), ("values/groups/gone.yaml",)),
    ],
)
def test_members_of_groups(arguments: tuple[str, ...], expected: tuple[str, ...]) -> None:
    files = dict.fromkeys(("values/dev.yaml", "values/base.yaml", "values/groups/us.yaml"), b"")
    files |= dict.fromkeys(("values/test.yaml", "values/prod.yaml"), b"groups: [eu]\n")
    revision = InMemory("", {**files, "values/groups/eu.yaml": b""})
    assert named_environments(revision, arguments) == expected
