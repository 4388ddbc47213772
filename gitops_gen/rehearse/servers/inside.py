"""The first process of a rehearsal's own namespaces: `python -m … <pipe> <folder>`."""

from __future__ import annotations

import fcntl
import os
import socket
import struct
import subprocess
import sys
import threading
from multiprocessing.connection import Connection
from pathlib import Path

from gitops_gen.errors import GitopsGenError, InvalidInput, ToolFailed

_TMP = "/tmp"  # noqa: S108 - where Argo CD's repo-server puts its socket, whatever TMPDIR says
_MOUNT_POINTS = ("/mnt", "/media", "/srv", "/opt")
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _UP = 0x8913, 0x8914, 0x1


def main() -> None:
    pipe, folder = Connection(int(sys.argv[1])), Path(sys.argv[2])
    function, argument = pipe.recv()
    threading.Thread(target=_exit_when_closed, args=(pipe,), daemon=True).start()
    try:
        _loopback()
        _mount_name_files(folder)
        _mount_empty_tmp()
        result = function(argument, lambda text: pipe.send(("progress", text)))
        pipe.send(("result", result))
    except InvalidInput as error:
        pipe.send(("invalid", error.findings))
    except GitopsGenError as error:
        pipe.send(("refused", str(error)))
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        pipe.send(("refused", f"{place}{error.strerror or error}"))
    # Threads may hang in a read, and no process of these namespaces is needed any more.
    sys.stdout.flush()
    os._exit(0)


def _exit_when_closed(pipe: Connection) -> None:
    """Ends this process when the one that started it has ended; the kernel then ends all others."""
    try:
        pipe.recv()
    except (EOFError, OSError):
        os._exit(1)


def _loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack("16sH14x", fcntl.ioctl(control, _SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | _UP))


def _mount_name_files(folder: Path) -> None:
    """Replaces /etc/hosts and resolv.conf: no host but the repository's is found."""
    for name in ("hosts", "resolv.conf"):
        replacement = folder / name
        if not replacement.exists():
            replacement.write_text("127.0.0.1 localhost\n" if name == "hosts" else "")
        target = os.path.realpath(f"/etc/{name}")
        if os.path.exists(target) and (problem := _mount("--bind", str(replacement), target)):
            raise ToolFailed(f"{target} cannot be replaced: {problem}")
    # Only for the figures: where a container forbids it, memory is not told.
    _mount("-t", "proc", "proc", "/proc")


def _mount_empty_tmp() -> None:
    """Gives the rehearsal a /tmp of its own: Argo CD's socket there has a fixed name.

    The previous content stays readable by links to an empty folder on which it is mounted.
    """
    previous_tmp = next((path for path in _MOUNT_POINTS if _is_empty_folder(path)), "")
    if (
        not previous_tmp
        or _mount("--rbind", _TMP, previous_tmp)
        or _mount("-t", "tmpfs", "tmpfs", _TMP)
    ):
        return
    for name in os.listdir(previous_tmp):
        if not name.endswith(".sock"):
            os.symlink(f"{previous_tmp}/{name}", f"{_TMP}/{name}")


def _is_empty_folder(path: str) -> bool:
    return os.path.isdir(path) and not os.listdir(path)


def _mount(*arguments: str) -> str:
    """The error message of mount(8); empty when it succeeded."""
    command = ["mount", *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return result.stderr.strip() if result.returncode else ""


if __name__ == "__main__":
    main()
