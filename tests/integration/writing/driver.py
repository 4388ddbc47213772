"""Runs one render in this process and causes a failure at a chosen moment.

    driver.py ROOT FILES.json [--before EVENT --at N [N…] --do WHAT] [--user UID] [--hold]

FILES.json maps paths to texts. EVENT is an audit event of Python, for example os.rename.
The failure occurs just before the N-th event. The code under test is not modified.
Prints the number of events. Exits with the exit code of gitops-gen.
"""

# ruff: noqa: T201  (the output is the result)

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gitops_gen.errors import GitopsGenError
from gitops_gen.tree import Output, inventory, lock, write

OWNED = ("rendered/dev", "argocd/dev")
INVENTORY = "rendered/dev/inventory"


def output_of(files: dict[str, bytes]) -> Output:
    tree = {**files, INVENTORY: inventory(files, INVENTORY)} if files else {}
    return Output(tree, OWNED, INVENTORY)


def read_output(file: Path) -> Output:
    return output_of({path: text.encode() for path, text in json.loads(file.read_text()).items()})


class Accident:
    """Counts events after `arm`, and calls `act` just before the chosen ones."""

    def __init__(self, events: list[str], moments: list[int], act: Callable[[], None]) -> None:
        self.events, self.moments, self.act = events, moments, act
        self.count = 0
        self.armed = False

    def __call__(self, event: str, _arguments: tuple[Any, ...]) -> None:
        if self.armed and event in self.events:
            self.count += 1
            if self.count in self.moments:
                self.act()


def swap_folder_for_link(root: Path) -> None:
    """Replaces a folder by a link to a folder outside, like an attacker; only the first time."""
    folder = root / "rendered/dev/manifests"
    if folder.is_dir() and not folder.is_symlink():
        folder.rename(root / "moved-away")
        folder.symlink_to(root.parent / "outside")


def take_away_rights(root: Path) -> None:
    """Removes the write permission of a folder, so that undoing the changes fails, too."""
    (root / "rendered/dev/manifests").chmod(0o555)


def put_file_in_the_way(root: Path) -> None:
    (root / "argocd/dev/apps/web.yaml").write_text("mine")


ACTS = {"swap": swap_folder_for_link, "bar": take_away_rights, "intrude": put_file_in_the_way}


def render(root: Path, output: Output, accident: Accident, hold: bool) -> None:
    with lock(root, waiting=lambda text: print(text, file=sys.stderr), timeout=120) as locked:
        if hold:
            print("locked", flush=True)
            time.sleep(300)
        accident.armed = True
        try:
            write(locked, [output])
        finally:
            accident.armed = False


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    parser.add_argument("files", type=Path)
    parser.add_argument("--before", nargs="+", default=["os.rename"])
    parser.add_argument("--at", nargs="+", type=int, default=[])
    parser.add_argument("--do", default="SIGKILL")
    parser.add_argument("--user", type=int)
    parser.add_argument("--hold", action="store_true")
    return parser.parse_args()


def main() -> int:
    options = parse()
    output = read_output(options.files)
    if options.user is not None:
        import threading  # noqa: F401  another user may not be able to read it later

        os.setgroups([])
        os.setgid(options.user)
        os.setuid(options.user)

    def act() -> None:
        accident.armed = False
        if options.do in ACTS:
            ACTS[options.do](options.root)
        else:
            os.kill(os.getpid(), getattr(signal, options.do))
        accident.armed = True

    accident = Accident(options.before, options.at, act)
    sys.addaudithook(accident)
    try:
        render(options.root, output, accident, options.hold)
    except GitopsGenError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    print(accident.count)
    return 0


if __name__ == "__main__":
    sys.exit(main())
