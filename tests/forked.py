"""The command line in a process of its own, without the time that Python needs to start.

The process is forked from the one that runs the tests, where all modules are loaded already. It
has its own working folder, variables, output and exit code, as a process that a user starts.
What matters before Python has started, as some variables and signals do, needs a new interpreter.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import traceback
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, NoReturn

# What commands load when they need it: here once, and not in every process.
import jsonschema.validators  # noqa: F401
import pyhelm3.command  # noqa: F401
import ruamel.yaml  # noqa: F401
import yaml  # noqa: F401

from gitops_gen.cli import main


def run(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """As subprocess.run gives it for `gitops-gen` with these arguments."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as messages:
        pid = _fork()
        if pid == 0:
            _child(arguments, folder, environment, output, messages)
        _, status = os.waitpid(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        return subprocess.CompletedProcess(
            ["gitops-gen", *arguments], code, _text(output), _text(messages)
        )


def _fork() -> int:
    with warnings.catch_warnings():
        # The threads of pytest-xdist, which the child does not have, hold no lock of ours.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _child(
    arguments: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    output: IO[bytes],
    messages: IO[bytes],
) -> NoReturn:
    code = 1
    try:
        _become(folder, environment, output, messages)
        sys.argv = ["gitops-gen", *arguments]
        main()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _become(
    folder: Path, environment: Mapping[str, str], output: IO[bytes], messages: IO[bytes]
) -> None:
    """Takes on what a process gets from who starts it."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, file in enumerate((nothing, output.fileno(), messages.fileno())):
        os.dup2(file, number)
    # They stay open until the process ends.
    sys.stdin = open(0, closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", closefd=False, errors="backslashreplace", buffering=1)  # noqa: SIM115
    tempfile.tempdir = None
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()
