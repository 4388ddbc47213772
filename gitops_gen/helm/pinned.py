"""The version of Helm that this package is made for, and the version that a Helm has."""

from __future__ import annotations

import re

HELM_VERSION = "4.3.1"
VARIABLE = "GITOPS_GEN_HELM"
"""Names another Helm to render with."""
# Seconds. Helm prints its version in a twentieth of one.
PATIENCE = 30


def version_of(path: str, patience: float = PATIENCE) -> str | None:
    """The version that a Helm prints, for instance "4.3.1"; None if it does not run."""
    import subprocess

    command = [path, "version", "--template", "{{.Version}}"]
    try:
        result = subprocess.run(command, capture_output=True, timeout=patience, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    answer = result.stdout.decode(errors="replace").strip()
    match = re.fullmatch(r"v(\d+\.\d+\.\d+[0-9A-Za-z.+-]*)", answer)
    return match.group(1) if result.returncode == 0 and match else None
