"""`check` against other ways to validate the same manifests, in turn in one run.

- kubernetes-validate, a Python package with the published JSON schemas, in an environment of its
  own; it validates all files in one process.
- `kubectl apply --dry-run=server`, with an API server on this machine. It needs the programs of
  `make rehearse-tools` and kubectl, and is left out without them.

Both get the files of built-in kinds only, because they cannot validate other kinds.

A third pair compares `check` with all rules and with the rules of the API server alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from shutil import which
from typing import Any

from benchmarks.measure import Compared, Run, command, compare, in_turn
from benchmarks.repositories import add_tiers, objects, repository
from gitops_gen.apicheck import VARIABLE, require
from gitops_gen.errors import ToolFailed
from gitops_gen.helm import VARIABLE as HELM
from gitops_gen.helm import executable
from gitops_gen.rehearse.sandbox import Sandbox
from gitops_gen.rehearse.servers.folder import scratch
from gitops_gen.rehearse.servers.isolation import isolated
from gitops_gen.rehearse.servers.tools import Tools, tools

CHECK = (sys.executable, "-m", "gitops_gen", "check")
RENDER = (sys.executable, "-m", "gitops_gen", "render")
ENVIRONMENTS = 10
VALIDATE = "kubernetes-validate==1.35.0"
CUSTOM = ("prometheusrule-", "servicemonitor-", "externalsecret-")
RUNS = 3
Show = Callable[[str, float, float, float, str], None]


def api_rules(folder: Path, show: Show) -> None:
    names = repository(folder, ENVIRONMENTS)
    add_tiers(folder, names)
    command(*RENDER, folder=folder)()
    files = _built_in(folder)
    what = f"check, {ENVIRONMENTS} environments, {objects(folder)} objects"
    os.environ[VARIABLE] = str(require().path)
    _show(show, f"{what} / kubernetes-validate", _published_schemas(folder, files), "0.3")
    try:
        _show(show, f"{what} / kubectl apply", _dry_run(folder, files), "1")
    except ToolFailed as error:
        print(f"not measured: kubectl apply: {error}")
    _show(show, f"{what} / only apicheck", _only_api_rules(folder), "2")
    check, click = command(*CHECK, folder=folder), command(sys.executable, "-c", "import click")
    check()
    _show(show, "check of what did not change / import click", compare(check, click, runs=15), "3")
    forget_check(folder)
    for program, peak in peak_memory([*CHECK], folder).items():
        print(f"peak memory of {program} in a check: {peak} MB")


def _show(show: Show, what: str, found: Compared, bound: str) -> None:
    show(what, found.ours, found.theirs, found.ratio, bound)


def _built_in(folder: Path) -> list[str]:
    found = (folder / "rendered").glob("*/manifests/**/*.yaml")
    return [str(path) for path in sorted(found) if not path.name.startswith(CUSTOM)]


def forget_check(folder: Path) -> None:
    with suppress(FileNotFoundError):
        (folder / ".gitops-gen/checked").unlink()


def _published_schemas(folder: Path, files: list[str]) -> Compared:
    environment = folder.parent / "kubernetes-validate"
    venv.create(environment, with_pip=True)
    pip = [str(environment / "bin/python"), "-m", "pip", "install", "--quiet", VALIDATE]
    subprocess.run(pip, check=True)
    validate = command(
        str(environment / "bin/kubernetes-validate"), "--strict", "-k", "1.35", *files
    )
    return _compared(folder, validate)


def _compared(folder: Path, theirs: Run) -> Compared:
    check = command(*CHECK, folder=folder)
    return compare(check, theirs, runs=RUNS, before=lambda: forget_check(folder))


def _only_api_rules(folder: Path) -> Compared:
    """Compares with the rules of the API server alone. Both begin without a result."""
    script = Path(__file__).with_name("only_api_rules.py")
    only = in_turn(
        [lambda: forget_check(folder), command(sys.executable, str(script), folder=folder)]
    )
    return _compared(folder, only)


def _dry_run(folder: Path, files: list[str]) -> Compared:
    """Compares with kubectl in network namespaces of their own, where the API server runs."""
    found, kubectl = tools(), which("kubectl")
    if kubectl is None:
        raise ToolFailed("kubectl is not on PATH")
    with scratch(print) as servers:
        variables = {VARIABLE: os.environ[VARIABLE], HELM: executable(print).path}
        argument = (servers, found, kubectl, folder, files, variables)
        result: Compared = isolated(_inside, argument, servers, lambda _text: None)
        return result


def _inside(argument: tuple[Any, ...], progress: Callable[[str], None]) -> Compared:
    servers, found, kubectl, folder, files, variables = argument
    os.environ.update(variables)
    # Here the folder has another path, so its stamps are not valid.
    command(*RENDER, folder=folder)()
    sandbox = _api_server(found, servers, files, progress)
    together = servers / "manifests"
    together.mkdir()
    for number, file in enumerate(files):
        (together / f"{number}.yaml").symlink_to(file)
    words = ["apply", "--dry-run=server", "--kubeconfig", str(sandbox.cluster.kubeconfig)]
    return _compared(folder, command(kubectl, *words, "--filename", str(together)))


def _api_server(
    found: Tools, servers: Path, files: list[str], progress: Callable[[str], None]
) -> Sandbox:
    sandbox = Sandbox(found, servers, "eu-central-1", progress)
    sandbox.start_control_plane()
    namespaces = {Path(file).parent.name for file in files if Path(file).parts[-3] != "manifests"}
    for name in sorted(namespaces):
        sandbox.put_namespace(name)
    return sandbox


def peak_memory(words: list[str], folder: Path) -> dict[str, int]:
    """The largest resident memory in MB of gitops-gen and of apicheck."""
    peaks: dict[str, int] = {}
    process = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        for pid in [process.pid, *_children(process.pid)]:
            name, peak = _status(pid)
            peaks[name] = max(peaks.get(name, 0), peak)
        time.sleep(0.005)
    return {name: peak for name, peak in peaks.items() if name in ("python", "apicheck")}


def _children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _status(pid: int) -> tuple[str, int]:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return "", 0
    fields = dict(line.split(":", 1) for line in lines)
    return fields["Name"].strip(), int(fields.get("VmHWM", "0 kB").split()[0]) // 1024
