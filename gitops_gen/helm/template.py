"""Runs `helm template` with the Command of pyhelm3, and keeps the output bytes unchanged."""

from __future__ import annotations

import os
import re
from collections.abc import Collection

from gitops_gen.errors import GitopsGenError, ToolFailed
from gitops_gen.helm.executable import Executable
from gitops_gen.helm.limited import run_limited

# The largest charts take one second.
TIMEOUT_SECONDS = 300


class HelmRefused(GitopsGenError):
    """Helm refused the chart or its values. The text is the message of Helm without "Error:"."""


async def template(
    helm: Executable,
    chart: str,
    *,
    release: str,
    namespace: str,
    kube_version: str,
    values: str | None = None,
    timeout: float = TIMEOUT_SECONDS,
    zone: str = "UTC",
    largest: int | None = None,
    api_versions: Collection[str] = (),
) -> bytes:
    """The output of Helm for a chart folder or an archive, with CRDs and tests.

    `values` is a file that is merged over the values of the chart, `timeout` is in seconds, `zone`
    is the time zone of the process, and `api_versions` are added to those that Helm knows. Raises
    HelmRefused, ToolFailed if Helm does not run, and OutputTooLarge if it prints more than
    `largest` bytes.
    """
    command = ["template", release, chart, "--namespace", namespace]
    command += ["--kube-version", kube_version, "--include-crds"]
    if api_versions:
        command += ["--api-versions", ",".join(sorted(api_versions))]
    if values is not None:
        command += ["--values", values]
    if largest is not None:
        return await _run_limited(helm, command, timeout, zone, largest)
    return await _run(helm, command, timeout, zone)


async def _run_limited(
    helm: Executable, command: list[str], timeout: float, zone: str, largest: int
) -> bytes:
    import asyncio

    program = [*_environment(zone), *_stoppable(), helm.path, *command]
    try:
        async with asyncio.timeout(timeout):
            code, output, errors = await run_limited(program, largest)
    except TimeoutError as error:
        raise _too_slow(helm, timeout) from error
    if code != 0:
        raise _problem(helm, code, errors)
    return output


async def _run(helm: Executable, command: list[str], timeout: float, zone: str) -> bytes:
    import asyncio
    import logging

    from gitops_gen.helm.pyhelm3 import command_and_error

    command_class, error_class = command_and_error()
    # pyhelm3 also logs the errors that it raises; without a handler, they would reach the terminal.
    logging.getLogger("pyhelm3").addHandler(logging.NullHandler())
    # pyhelm3 starts a shell. `exec` replaces it by Helm, so that a signal to it stops Helm.
    runner = command_class(executable="exec")
    try:
        async with asyncio.timeout(timeout):
            output: bytes = await runner.run(
                [*_environment(zone), *_stoppable(), helm.path, *command]
            )
    except error_class as error:
        raise _problem(helm, error.returncode, error.stderr) from error
    except UnicodeDecodeError as error:
        # pyhelm3 decodes the output of Helm, which may contain any bytes from a chart.
        raise _problem(helm, 1, error.object) from error
    except TimeoutError as error:
        raise _too_slow(helm, timeout) from error
    return output


def _too_slow(helm: Executable, timeout: float) -> ToolFailed:
    return ToolFailed(f"{helm.path} did not finish within {timeout:g} s and was stopped")


def _stoppable() -> list[str]:
    """Helm ignores SIGTERM while it renders, so timeout(1) kills it 2 s after SIGTERM."""
    from shutil import which

    timeout = which("timeout")
    return [timeout, "-k", "2", str(2 * TIMEOUT_SECONDS)] if timeout else []


def _environment(zone: str) -> list[str]:
    """env(1) with a clean environment: HELM_*, KUBECONFIG and plugins of the user have no effect.

    Garbage collection is disabled up to a memory limit, because Helm ends before it is useful. This
    saves a fifth of its time.
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
        raise ToolFailed(
            "the program env is not on PATH, although every system has it; correct PATH"
        )
    return [program, "-i", *(f"{name}={value}" for name, value in settings.items())]


def _problem(helm: Executable, code: int, stderr: bytes) -> GitopsGenError:
    """The error for a failed run. Without the prefix "Error: " of a refusal, Helm did not run."""
    text = stderr.decode("utf-8", "replace").strip()
    refusal = re.search(r"^Error: (.*)", text, re.MULTILINE | re.DOTALL)
    if refusal:
        return HelmRefused(refusal.group(1))
    reason = text[-500:] or f"exit code {code}"
    return ToolFailed(f"{helm.path} could not be run: {reason}; try `gitops-gen doctor`")
