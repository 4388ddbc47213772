"""Runs the command line in a forked process, without the start-up time of Python.

The process is forked from the test process, in which all modules are already loaded. Like a process
that a user starts, it has its own working folder, variables, output and exit code. Tests of what
happens before Python has started, such as some variables and signals, need a new interpreter.
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

# Modules that commands import on demand are imported here once, and not in every process.
import jsonschema.validators  # noqa: F401
import pyhelm3.command  # noqa: F401
import ruamel.yaml  # noqa: F401
import yaml  # noqa: F401

from gitops_gen.cli import main


def run(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Runs `gitops-gen` with these arguments. The result is that of subprocess.run."""
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
        # The threads of pytest-xdist, which do not exist in the child, have no lock of this
        # project.
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
    """Sets the properties that a process gets from its parent."""
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
