"""Small changes of a repository, and what a command loads that finds nothing to do."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable

from tests.repository import Repository

HEAVY = {"asyncio", "importlib.metadata", "jinja2", "jsonschema", "logging", "pydantic"}
HEAVY |= {"pyhelm3", "ruamel", "ruamel.yaml", "subprocess", "tempfile", "yaml"}
# What a command loads is seen from outside of it.
MODULES = """
import json, sys
from gitops_gen.cli import main
try:
    main()
finally:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def loaded_by(repository: Repository, *arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", MODULES, *arguments],
        cwd=repository.root,
        env=repository.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stderr))


def edit(path: str) -> Callable[[Repository], None]:
    """A byte more, in a place where it changes nothing."""

    def change(repository: Repository) -> None:
        file = repository.path(path)
        file.write_bytes(file.read_bytes() + b"\n")

    return change


def remove(path: str) -> Callable[[Repository], None]:
    return lambda repository: repository.path(path).unlink()
