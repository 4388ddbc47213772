"""What environments consist of, with one module per format.

The modules `*_format.py` are discovered. A format defines `listing(environments) -> str`.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from gitops_gen.workspace.listing import ListedEnvironment


def listing(form: str, environments: Sequence[ListedEnvironment]) -> str:
    """Returns the environments in one of the `report.formats("listing")`."""
    text: str = import_module(f"{__name__}.{form}_format").listing(environments)
    return text
