"""`diff` of one changed value against other ways to compare the same files, in turn in one run.

- `helm template` of the umbrellas of both revisions, and `git diff --no-index` of its output;
- `dyff between` of the rendered files of both revisions, one file per environment, if it is on
  PATH: `go install github.com/homeport/dyff/cmd/dyff@latest`.

Both are measured for all environments, because a reviewer does not know which ones changed, and for
the changed environment alone. Of many environments, they compare a sample: the time of all is
calculated from it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from benchmarks.api_rules import peak_memory
from benchmarks.measure import Run, command, in_turn, median_seconds, processor_seconds
from benchmarks.repositories import add_tiers, commit, objects, repository
from gitops_gen.apicheck import VARIABLE, require
from gitops_gen.helm import executable

DIFF = (sys.executable, "-m", "gitops_gen", "diff", "--base", "HEAD")
RENDER = (sys.executable, "-m", "gitops_gen", "render")
BOUND = "0.3"
SAMPLE = 10
RUNS = 3
Show = Callable[[str, float, float, float, str], None]


@dataclass(frozen=True, slots=True)
class Revisions:
    """The base and the head on the disk, with the name of the changed environment."""

    base: Path
    head: Path
    names: Sequence[str]
    changed: str


def changes(folder: Path, environments: int, show: Show) -> None:
    os.environ[VARIABLE] = str(require().path)
    both = _revisions(folder, environments)
    what = f"diff, 1 of {environments} environments, {objects(both.head)} objects"
    diff = command(*DIFF, folder=both.head)
    ours, ours_cpu = median_seconds(diff, RUNS), processor_seconds(diff)
    others = {"helm template + git diff": _helm, "dyff": _dyff}
    for name, other in others.items():
        if name == "dyff" and which("dyff") is None:
            print("not measured: dyff is not on PATH")
            continue
        sample = [both.changed, *both.names[: SAMPLE - 1]]
        seconds = median_seconds(in_turn([other(both, one) for one in sample]), 1)
        every = seconds * len(both.names) / len(sample)
        show(f"{what} / {name}", ours, every, ours / every, BOUND)
        cpu = processor_seconds(in_turn([other(both, one) for one in sample]))
        every_cpu = cpu * len(both.names) / len(sample)
        show("  / in processor time", ours_cpu, every_cpu, ours_cpu / every_cpu, "")
        alone = median_seconds(other(both, both.changed), RUNS)
        show(f"  / {name} of the changed environment alone", ours, alone, ours / alone, "")
    for program, peak in peak_memory([*DIFF], both.head).items():
        print(f"peak memory of {program} in the diff: {peak} MB")


def _revisions(folder: Path, environments: int) -> Revisions:
    """A rendered and committed repository, a copy of it, and one changed value that is rendered."""
    head, base = folder / "head", folder / "base"
    names = repository(head, environments)
    add_tiers(head, names)
    (head / ".gitignore").write_text(".gitops-gen/\n")
    command(*RENDER, folder=head)()
    commit(head)
    shutil.copytree(head / "rendered", base / "rendered")
    changed = names[environments // 2]
    values = head / "values" / f"{changed}.yaml"
    values.write_text(values.read_text().replace("tag: 1.0.7", "tag: 1.0.8"))
    command(*RENDER, folder=head)()
    return Revisions(base, head, names, changed)


def _helm(both: Revisions, name: str) -> Run:
    helm = executable(print).path

    def run() -> None:
        outputs = []
        for folder in (both.base, both.head):
            words = ["template", "platform", f"rendered/{name}/umbrella", "--kube-version", "1.35"]
            outputs.append(folder / f"{name}.out")
            with open(outputs[-1], "wb") as file:
                subprocess.run([helm, *words], cwd=folder, check=True, stdout=file)
        _compared("git", "diff", "--no-index", *map(str, outputs))

    return run


def _dyff(both: Revisions, name: str) -> Run:
    files = [_joined(folder, name) for folder in (both.base, both.head)]
    return lambda: _compared("dyff", "between", "--set-exit-code", *map(str, files))


def _joined(folder: Path, name: str) -> Path:
    """All manifests of an environment in one file, because dyff compares files and no folders."""
    file = folder / f"{name}.all.yaml"
    if not file.exists():
        manifests = sorted((folder / f"rendered/{name}/manifests").glob("**/*.yaml"))
        file.write_text("---\n".join(path.read_text() for path in manifests))
    return file


def _compared(*words: str) -> None:
    """Runs a comparison, which exits with 1 if the files differ."""
    done = subprocess.run(words, check=False, stdout=subprocess.DEVNULL)
    if done.returncode > 1:
        raise RuntimeError(f"{words[0]} failed with exit code {done.returncode}")
