"""`python -m benchmarks [--large]`: prints one line per measurement, with its expected limit.

The result is for a reader: exceeding a limit is not an error, because machines are noisy. --large
adds fleets of 250 and 1,000 environments in groups, which takes some minutes.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.api_rules import api_rules
from benchmarks.changes import changes
from benchmarks.fleet import fleets
from benchmarks.measure import Run, command, compare, in_turn, median_seconds
from benchmarks.provenance import answers
from benchmarks.repositories import forget, repository
from gitops_gen.helm import executable

GITOPS_GEN = (sys.executable, "-m", "gitops_gen")
# The libraries for the command line, the schema, Helm and YAML, which take time to import.
IMPORTS = "import click, jsonschema.validators, pyhelm3.command, yaml"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="gitops-gen-bench-") as scratch:
        print(f"{'':56}{'ours':>9}{'theirs':>9}{'ratio':>8}  bound")
        imports = command(sys.executable, "-c", IMPORTS)
        cold(Path(scratch, "three"), 3, "0.8, libraries' imports apart", imports)
        cold(Path(scratch, "ten"), 10, "")
        cold(Path(scratch, "forty"), 40, "0.8")
        no_op(Path(scratch, "three"))
        one_of_many(Path(scratch, "forty"))
        api_rules(Path(scratch, "checked"), show)
        changes(Path(scratch, "changed"), 10, show)
        provenance(Path(scratch, "three"), helm_template(Path(scratch, "three"), "e0001"))
        long_template()
        long_values()
        if "--large" in sys.argv[1:]:
            fleets(Path(scratch), show)
            changes(Path(scratch, "thousand-changed"), 1000, show)


def cold(folder: Path, count: int, bound: str, allowance: Run | None = None) -> None:
    """Measures a first render against plain `helm template` on the same umbrellas in sequence."""
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
    """Measures a render that is up to date against the import of the command line library."""
    render = command(*GITOPS_GEN, "render", folder=folder)
    render()
    click = command(sys.executable, "-c", "import click")
    found = compare(render, click, runs=15)
    show("no-op, 3 environments / import click", found.ours, found.theirs, found.ratio, "2")


def one_of_many(folder: Path) -> None:
    """Measures a render of one changed environment of forty against its Helm call."""
    render = command(*GITOPS_GEN, "render", folder=folder)
    found = compare(
        render, helm_template(folder, "e0007"), runs=5, before=lambda: touch(folder, "e0007")
    )
    show("one of 40 changed / its helm", found.ours, found.theirs, found.ratio, "")


def touch(folder: Path, name: str) -> None:
    values = folder / "values" / f"{name}.yaml"
    number = os.stat(values).st_size
    values.write_text(values.read_text().replace("maxReplicas: 12", f"maxReplicas: {number % 9}5"))


def provenance(folder: Path, theirs: Run) -> None:
    """Measures answers of `explain` without a cache against one `helm template` of the umbrella.

    The time includes planning and validating the changed values. The bound is that of the renders.
    """
    template = median_seconds(theirs, 5)
    for kind, bound, costs in answers(folder, "e0001"):
        seconds = statistics.median(cost.seconds for cost in costs)
        renders = sorted(cost.renders for cost in costs)
        what = f"explain {kind} / helm template"
        show(what, seconds, template, seconds / template, "")
        text = f"{len(costs)} answers, renders of one umbrella with the base"
        middle = statistics.median(renders)
        print(f"  {text}: median {middle:.1f}, most {renders[-1]:.1f}; bound {bound}")


def long_template() -> None:
    """Measures the search for nondeterministic functions in a text and in a quarter of it."""
    from gitops_gen.render.helm_runs.nondeterministic import nondeterministic_functions as found_in

    whole, quarter = ('{{ `"' * 200_000, '{{ `"' * 50_000)
    found = compare(lambda: found_in(whole), lambda: found_in(quarter), runs=5)
    show("long template / a quarter of it", found.ours, found.theirs, found.ratio, "5")


def long_values() -> None:
    """Measures the search for secrets in adversarial texts and in half of each.

    The first prefix is not followed by a token; the others are followed by an invalid token.
    """
    from gitops_gen.secrets.texts import secret_by_form

    for beginning in ("xoxd-", "eyJhbGci-", "sl.abc-", "https://a:b"):
        whole, half = (beginning * (size // len(beginning)) for size in (900_000, 450_000))
        found = compare(lambda t=whole: secret_by_form(t), lambda t=half: secret_by_form(t), runs=5)
        show(f"'{beginning}' 900 kB / 450 kB", found.ours, found.theirs, found.ratio, "2.5")


def show(what: str, ours: float, theirs: float, ratio: float, bound: str) -> None:
    print(f"{what:56}{ours:>7.2f} s{theirs:>7.2f} s{ratio:>8.2f}  {bound}")


main()
