"""Linux namespaces for a rehearsal: network, processes and mounts that end with this process.

A second Python runs as the first process of a PID namespace. It works only as long as its pipe
to this process is open, and when it ends the kernel ends everything that it started. Nothing has to
be removed, whichever process is killed.
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
    function: Callable[[Argument, Note], Result], argument: Argument, folder: Path, progress: Note
) -> Result:
    """`function(argument, progress)`, run in new namespaces. A module defines `function`.

    Raises the errors of this package that `function` raises, and ToolFailed when its process dies.
    """
    parent_pipe, child_pipe = Pipe()
    log = folder / "logs" / "inside.log"
    log.parent.mkdir(exist_ok=True)
    with parent_pipe, log.open("wb") as output:
        process = _start(child_pipe, output, folder)
        child_pipe.close()
        try:
            parent_pipe.send((function, argument))
            result: Result = _listen(parent_pipe, progress)
            return result
        except (EOFError, BrokenPipeError, ConnectionResetError) as error:
            _end(process)
            text = f"the rehearsal itself {ending(process.returncode)}{last_lines(log)}"
            raise ToolFailed(text) from error
        finally:
            parent_pipe.close()
            _end(process)


def _start(child_pipe: Connection, output: Any, folder: Path) -> subprocess.Popen[bytes]:
    command = [*unshare(), sys.executable, "-m", "gitops_gen.rehearse.servers.inside"]
    return subprocess.Popen(
        [*command, str(child_pipe.fileno()), str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        pass_fds=[child_pipe.fileno()],
        env=environment(folder) | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        # Ctrl-C reaches this process alone, which ends the other one by closing the pipe.
        start_new_session=True,
    )


def unshare() -> list[str]:
    """The command that makes the namespaces, as root or as a plain user."""
    program = which("unshare")
    if program is None:
        raise ToolFailed("unshare is not on PATH; install util-linux")
    for user in ([], ["--user", "--map-root-user"]) if os.geteuid() == 0 else (["-U", "-r"],):
        command = [program, *user, *_NAMESPACES]
        test_command = [*command, sys.executable, "-c", ""]
        result = subprocess.run(test_command, capture_output=True, text=True, check=False)
        if result.returncode == 0:
            return command
    raise ToolFailed(f"{result.stderr.strip()}; {_ADVICE}")


def environment(folder: Path) -> dict[str, str]:
    """What every program of a rehearsal sees; nothing of the user's but PATH."""
    home, scratch = folder / "home", folder / "tmp"
    for path in (home, scratch):
        path.mkdir(exist_ok=True)
    programs = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))
    return {"PATH": programs, "HOME": str(home), "TMPDIR": str(scratch), "LC_ALL": "C.UTF-8"}


def _listen(parent_pipe: Connection, progress: Note) -> Any:
    while True:
        kind, value = parent_pipe.recv()
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
