"""`python -m benchmarks [--large]`: prints a line a figure, with the bound that it should keep.

Nothing fails when a bound is passed: machines are noisy, a person reads this. --large adds
1,000 environments, which takes some minutes.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Run, command, compare, in_turn, median_seconds
from benchmarks.repositories import commit, forget, repository
from gitops_gen.helm import executable

GITOPS_GEN = (sys.executable, "-m", "gitops_gen")
# The libraries of the command line, the schema, Helm and YAML: what starting Python costs anybody.
IMPORTS = "import click, jsonschema.validators, pyhelm3.command, yaml"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="gitops-gen-bench-") as scratch:
        print(f"{'':40}{'ours':>9}{'theirs':>9}{'ratio':>8}  bound")
        imports = command(sys.executable, "-c", IMPORTS)
        cold(Path(scratch, "three"), 3, "0.8, libraries' imports apart", imports)
        cold(Path(scratch, "ten"), 10, "")
        cold(Path(scratch, "forty"), 40, "0.8")
        no_op(Path(scratch, "three"))
        one_of_many(Path(scratch, "forty"))
        long_template()
        long_values()
        if "--large" in sys.argv[1:]:
            thousand(Path(scratch, "thousand"))


def cold(folder: Path, count: int, bound: str, allowance: Run | None = None) -> None:
    """A first render against plain `helm template` on the same umbrellas, one after another."""
    names = repository(folder, count)
    render = command(*GITOPS_GEN, "render", folder=folder)
    render()
    found = compare(
        render,
        in_turn([helm_template(folder, name) for name in names]),
        runs=9 if count < 20 else 3,
        before=lambda: forget(folder),
        allowance=allowance,
    )
    show(f"cold, {count} environments", found.ours, found.theirs, found.ratio, bound)


def helm_template(folder: Path, name: str) -> Run:
    helm = executable(print).path
    words = ["template", "platform", f"rendered/{name}/umbrella", "--namespace", "default"]
    return command(helm, *words, "--kube-version", "1.35", folder=folder)


def no_op(folder: Path) -> None:
    """Nothing to do, against the bare import of the command line's library."""
    render = command(*GITOPS_GEN, "render", folder=folder)
    render()
    click = command(sys.executable, "-c", "import click")
    found = compare(render, click, runs=15)
    show("no-op, 3 environments / import click", found.ours, found.theirs, found.ratio, "2")


def one_of_many(folder: Path) -> None:
    """One of forty changed, against its own Helm call."""
    render = command(*GITOPS_GEN, "render", folder=folder)
    found = compare(
        render, helm_template(folder, "e0007"), runs=5, before=lambda: touch(folder, "e0007")
    )
    show("one of 40 changed / its helm", found.ours, found.theirs, found.ratio, "")


def touch(folder: Path, name: str) -> None:
    values = folder / "values" / f"{name}.yaml"
    number = os.stat(values).st_size
    values.write_text(values.read_text().replace("maxReplicas: 12", f"maxReplicas: {number % 9}5"))


def long_template() -> None:
    """The search for functions that give something else each time, in a text and in its quarter."""
    from gitops_gen.render.helm_runs.nondeterministic import nondeterministic_functions as found_in

    whole, quarter = ('{{ `"' * 200_000, '{{ `"' * 50_000)
    found = compare(lambda: found_in(whole), lambda: found_in(quarter), runs=5)
    show("long template / a quarter of it", found.ours, found.theirs, found.ratio, "5")


def long_values() -> None:
    """The search for secrets, in texts made against its patterns and in their halves.

    The first beginning has no token after it, the others have one that ends wrongly.
    """
    from gitops_gen.secrets.texts import secret_by_form

    for beginning in ("xoxd-", "eyJhbGci-", "sl.abc-", "https://a:b"):
        whole, half = (beginning * (size // len(beginning)) for size in (900_000, 450_000))
        found = compare(lambda t=whole: secret_by_form(t), lambda t=half: secret_by_form(t), runs=5)
        show(f"'{beginning}' 900 kB / 450 kB", found.ours, found.theirs, found.ratio, "2.5")


def thousand(folder: Path) -> None:
    names = repository(folder, 1000)
    render = command(*GITOPS_GEN, "render", folder=folder)
    first = median_seconds(render, 1)
    commit(folder)
    render()
    status = command("git", "status", "--short", folder=folder)
    status()
    found = compare(render, status, runs=5)
    show("no-op, 1,000 environments / git status", found.ours, found.theirs, found.ratio, "3")
    touch(folder, names[500])
    changed = median_seconds(render, 1)
    extra = changed - found.ours
    print(f"1,000 environments: first render {first:.0f} s; one changed: {extra:+.2f} s over no-op")


def show(what: str, ours: float, theirs: float, ratio: float, bound: str) -> None:
    print(f"{what:40}{ours:>7.2f} s{theirs:>7.2f} s{ratio:>8.2f}  {bound}")


main()
