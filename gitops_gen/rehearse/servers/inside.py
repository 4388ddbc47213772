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
_ASIDE = ("/mnt", "/media", "/srv", "/opt")
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _UP = 0x8913, 0x8914, 0x1


def main() -> None:
    pipe, folder = Connection(int(sys.argv[1])), Path(sys.argv[2])
    call, argument = pipe.recv()
    threading.Thread(target=_end_with, args=(pipe,), daemon=True).start()
    try:
        _loopback()
        _own_names(folder)
        _own_tmp()
        result = call(argument, lambda text: pipe.send(("progress", text)))
        pipe.send(("result", result))
    except InvalidInput as error:
        pipe.send(("invalid", error.findings))
    except GitopsGenError as error:
        pipe.send(("refused", str(error)))
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        pipe.send(("refused", f"{place}{error.strerror or error}"))
    # Threads may hang in a read; nothing that runs in here is needed any more.
    sys.stdout.flush()
    os._exit(0)


def _end_with(pipe: Connection) -> None:
    """Whoever started us has gone: so do we, and with us every process in here."""
    try:
        pipe.recv()
    except (EOFError, OSError):
        os._exit(1)


def _loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack("16sH14x", fcntl.ioctl(control, _SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | _UP))


def _own_names(folder: Path) -> None:
    """/etc/hosts and resolv.conf of our own: the repository's host is us, nothing else is."""
    for name in ("hosts", "resolv.conf"):
        replacement = folder / name
        if not replacement.exists():
            replacement.write_text("127.0.0.1 localhost\n" if name == "hosts" else "")
        target = os.path.realpath(f"/etc/{name}")
        if os.path.exists(target) and (problem := _mount("--bind", str(replacement), target)):
            raise ToolFailed(f"{target} cannot be replaced: {problem}")
    # Only for the figures: where a container forbids it, memory is not told.
    _mount("-t", "proc", "proc", "/proc")


def _own_tmp() -> None:
    """A /tmp that keeps what is made in it: Argo CD's socket there has a fixed name.

    What was there before stays within reach, by links into a place that held nothing.
    """
    aside = next((place for place in _ASIDE if os.path.isdir(place) and not os.listdir(place)), "")
    if not aside or _mount("--rbind", _TMP, aside) or _mount("-t", "tmpfs", "tmpfs", _TMP):
        return
    for name in os.listdir(aside):
        if not name.endswith(".sock"):
            os.symlink(f"{aside}/{name}", f"{_TMP}/{name}")


def _mount(*arguments: str) -> str:
    """What mount(8) complains of; empty when it worked."""
    command = ["mount", *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return result.stderr.strip() if result.returncode else ""


if __name__ == "__main__":
    main()
