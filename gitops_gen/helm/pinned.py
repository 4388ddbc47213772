"""The pinned version of Helm, and the version of an installed Helm."""

from __future__ import annotations

import re

HELM_VERSION = "4.3.1"
VARIABLE = "GITOPS_GEN_HELM"
"""The environment variable with the path of another Helm to render with."""
# Helm prints its version in a twentieth of a second.
TIMEOUT_SECONDS = 30


def version_of(path: str, timeout: float = TIMEOUT_SECONDS) -> str | None:
    """The version that a Helm prints, for example "4.3.1", or None if it does not run."""
    import subprocess

    command = [path, "version", "--template", "{{.Version}}"]
    try:
        result = subprocess.run(command, capture_output=True, timeout=timeout, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    answer = result.stdout.decode(errors="replace").strip()
    match = re.fullmatch(r"v(\d+\.\d+\.\d+[0-9A-Za-z.+-]*)", answer)
    return match.group(1) if result.returncode == 0 and match else None
