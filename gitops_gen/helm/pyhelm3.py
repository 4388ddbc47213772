"""pyhelm3's Command and errors, without the rest of pyhelm3.

`import pyhelm3` also builds the models of its Client with pydantic, which takes 0.3 s and is not
used here. Its two modules that are used depend on nothing of that, so they are imported under an
empty package.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any


@lru_cache(maxsize=1)
def command_and_error() -> tuple[Any, Any]:
    """The classes Command and Error."""
    if "pyhelm3" in sys.modules:
        return _classes()
    spec = find_spec("pyhelm3")
    if spec is None or spec.submodule_search_locations is None:
        raise ImportError("pyhelm3 is not installed")
    package = ModuleType("pyhelm3")
    package.__path__ = list(spec.submodule_search_locations)
    sys.modules["pyhelm3"] = package
    try:
        return _classes()
    finally:
        # A later `import pyhelm3` must get the complete package.
        for name in ("pyhelm3", "pyhelm3.command", "pyhelm3.errors"):
            sys.modules.pop(name, None)


def _classes() -> tuple[Any, Any]:
    command = import_module("pyhelm3.command").Command
    return command, import_module("pyhelm3.errors").Error
