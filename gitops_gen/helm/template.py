"""`helm template`, through pyhelm3's Command: its bytes are kept as they are."""

from __future__ import annotations

import os
import re

from gitops_gen.errors import GitopsGenError, ToolFailed
from gitops_gen.helm.executable import Executable

# Seconds. The largest charts take one.
PATIENCE = 300


class HelmRefused(GitopsGenError):
    """Helm ran and refused the chart or its values; its text is Helm's, without "Error:"."""


async def template(
    helm: Executable,
    chart: str,
    *,
    release: str,
    namespace: str,
    kube_version: str,
    values: str | None = None,
    patience: float = PATIENCE,
    zone: str = "UTC",
) -> bytes:
    """What Helm prints for a chart folder, CRDs included, tests left out.

    `values` is a file laid over the chart's own; `patience` is in seconds; `zone` is the time
    zone that Helm runs in. Raises HelmRefused.
    """
    command = ["template", release, chart, "--namespace", namespace]
    command += ["--kube-version", kube_version, "--include-crds", "--skip-tests"]
    if values is not None:
        command += ["--values", values]
    return await _run(helm, command, patience, zone)


async def _run(helm: Executable, command: list[str], patience: float, zone: str) -> bytes:
    import asyncio
    import logging

    from gitops_gen.helm.pyhelm3 import command_and_error

    command_class, error_class = command_and_error()
    # pyhelm3 logs what it also raises; without a handler that would reach the terminal.
    logging.getLogger("pyhelm3").addHandler(logging.NullHandler())
    # pyhelm3 starts a shell; it is to become Helm, so that what stops it stops Helm.
    runner = command_class(executable="exec")
    try:
        async with asyncio.timeout(patience):
            output: bytes = await runner.run(
                [*_environment(zone), *_stoppable(), helm.path, *command]
            )
    except error_class as error:
        raise _problem(helm, error.returncode, error.stderr) from error
    except UnicodeDecodeError as error:
        # pyhelm3 decodes what Helm prints, and charts can make it print any bytes.
        raise _problem(helm, 1, error.object) from error
    except TimeoutError as error:
        raise ToolFailed(f"{helm.path} has not finished after {patience:g} s; ended it") from error
    return output


def _stoppable() -> list[str]:
    """Helm ignores SIGTERM while a template runs; timeout(1) kills it 2 s after our SIGTERM."""
    from shutil import which

    timeout = which("timeout")
    return [timeout, "-k", "2", str(2 * PATIENCE)] if timeout else []


def _environment(zone: str) -> list[str]:
    """By env(1): nothing of the user's (HELM_*, KUBECONFIG, plugins) can change the output.

    Helm ends before its garbage is worth collecting, which saves a fifth of its time; the
    limit is for charts that would need more.
    """
    settings = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": "/nonexistent",
        "TZ": zone,
        "HELM_NO_PLUGINS": "1",
        "GOGC": "off",
        "GOMEMLIMIT": "1GiB",
    }
    from shutil import which

    program = which("env")
    if program is None:
        raise ToolFailed("env is not on PATH, which every system has; mend PATH")
    return [program, "-i", *(f"{name}={value}" for name, value in settings.items())]


def _problem(helm: Executable, code: int, stderr: bytes) -> GitopsGenError:
    """Helm begins a refusal with "Error: "; any other text is that of a Helm that does not run."""
    text = stderr.decode("utf-8", "replace").strip()
    refusal = re.search(r"^Error: (.*)", text, re.MULTILINE | re.DOTALL)
    if refusal:
        return HelmRefused(refusal.group(1))
    reason = text[-500:] or f"exit code {code}"
    return ToolFailed(f"{helm.path} could not be run: {reason}; try `gitops-gen doctor`")
