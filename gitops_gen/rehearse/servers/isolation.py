"""A private place to run in: own network, processes and mounts, none of which outlive us.

A second Python runs as the first process of a PID namespace. It works only as long as the pipe
to us is open, and when it ends the kernel ends everything that it started: nothing has to be
tidied up, whoever is killed and however.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from shutil import which
from typing import Any, TypeVar

from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.rehearse.servers.processes import ending, last_lines

Note = Callable[[str], None]
Argument = TypeVar("Argument")
Result = TypeVar("Result")

_NAMESPACES = ("--net", "--mount", "--pid", "--fork", "--kill-child")
_ADVICE = (
    "a rehearsal needs its own network and process namespaces: run it as root, or allow "
    "unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1, "
    "kernel.apparmor_restrict_unprivileged_userns=0, user.max_user_namespaces above 0); "
    "in a container they must be allowed by whoever runs it"
)


def isolated(
    call: Callable[[Argument, Note], Result], argument: Argument, folder: Path, progress: Note
) -> Result:
    """`call(argument, progress)`, run inside. `call` is a function that a module defines.

    Raises what `call` raises of our own errors, and ToolFailed when the inside dies.
    """
    outside, inside = Pipe()
    log = folder / "logs" / "inside.log"
    log.parent.mkdir(exist_ok=True)
    with outside, log.open("wb") as output:
        process = _start(inside, output, folder)
        inside.close()
        try:
            outside.send((call, argument))
            result: Result = _listen(outside, progress)
            return result
        except (EOFError, BrokenPipeError, ConnectionResetError) as error:
            _end(process)
            text = f"the rehearsal itself {ending(process.returncode)}{last_lines(log)}"
            raise ToolFailed(text) from error
        finally:
            outside.close()
            _end(process)


def _start(inside: Connection, output: Any, folder: Path) -> subprocess.Popen[bytes]:
    command = [*unshare(), sys.executable, "-m", "gitops_gen.rehearse.servers.inside"]
    return subprocess.Popen(
        [*command, str(inside.fileno()), str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        pass_fds=[inside.fileno()],
        env=environment(folder) | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        # Ctrl-C is for us alone: we end the inside by closing the pipe.
        start_new_session=True,
    )


def unshare() -> list[str]:
    """The command that makes the namespaces, as root or as a plain user."""
    program = which("unshare")
    if program is None:
        raise ToolFailed("unshare is not on PATH; install util-linux")
    for user in ([], ["--user", "--map-root-user"]) if os.geteuid() == 0 else (["-U", "-r"],):
        command = [program, *user, *_NAMESPACES]
        attempt = [*command, sys.executable, "-c", ""]
        tried = subprocess.run(attempt, capture_output=True, text=True, check=False)
        if tried.returncode == 0:
            return command
    raise ToolFailed(f"{tried.stderr.strip()}; {_ADVICE}")


def environment(folder: Path) -> dict[str, str]:
    """What every program of a rehearsal sees; nothing of the user's but PATH."""
    home, scratch = folder / "home", folder / "tmp"
    for path in (home, scratch):
        path.mkdir(exist_ok=True)
    programs = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))
    return {"PATH": programs, "HOME": str(home), "TMPDIR": str(scratch), "LC_ALL": "C.UTF-8"}


def _listen(outside: Connection, progress: Note) -> Any:
    while True:
        kind, value = outside.recv()
        if kind == "progress":
            progress(value)
        elif kind == "result":
            return value
        elif kind == "invalid":
            raise InvalidInput(value)
        else:
            raise ToolFailed(value)


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
