"""Whether this run may use the network.

The option --offline sets the environment variable, so that programs that gitops-gen starts inherit
it. Each module that uses the network calls `require_network` first.
"""

from __future__ import annotations

import os

from gitops_gen.errors import ToolFailed

VARIABLE = "GITOPS_GEN_OFFLINE"


def forbid_network() -> None:
    os.environ[VARIABLE] = "1"


def is_offline() -> bool:
    return os.environ.get(VARIABLE, "") not in ("", "0")


def require_network(purpose: str) -> None:
    """Raises ToolFailed if the network is forbidden. `purpose` completes "… needs the network"."""
    if is_offline():
        raise ToolFailed(
            f"{purpose} needs the network, which --offline (or {VARIABLE}) forbids; run it "
            "once without that"
        )
