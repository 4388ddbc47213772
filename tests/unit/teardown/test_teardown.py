"""The steps that destroy a cluster. A file in environments/ is a values file and, below `---`, what
the text must contain: `lost`, `stays` and `command` are lines, `step` all titles from the first on,
`never` a text that must be missing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from jinja2 import Environment, nodes

from gitops_gen.teardown import ClusterFacts, script, text
from gitops_gen.teardown.output import TEMPLATES
from tests.planned import planned, repository
from tests.waiting import LIMIT

HERE = Path(__file__).parent

CASES = sorted((HERE / "environments").glob("*.yaml"))
TOOLS = ("aws", "gitops-gen", "kubectl", "terraform")
ANSWERS = [*["acme-dev"] * 5, "acme-dev-from-outside", "acme-dev"]
"""To the steps of the plain case that ask: root, Applications, snapshot, data, bootstrap, infra,
log groups."""
SHELLCHECK = Path(sys.executable).with_name("shellcheck")


def facts_of(folder: Path, file: Path) -> ClusterFacts:
    values = file.read_text().partition("---\n")[0]
    return ClusterFacts(*planned(repository(folder, dev=values)))


def steps(facts: ClusterFacts) -> dict[str, list[str]]:
    """The titles of the text's steps and their commands, each on one line."""
    found: dict[str, list[str]] = {}
    for step in re.split(r"\n\n(?=\d+\. )", text(facts))[1:]:
        title, _, *commands = re.sub(r" \\\n +", " ", step).splitlines()
        found[re.sub(r"^\d+\. | \((destroys|by hand)\)$", "", title)] = [c[5:] for c in commands]
    return found


def expected(file: Path) -> list[tuple[str, str]]:
    lines = file.read_text().partition("---\n")[2].splitlines()
    items = (yaml.safe_load(line) for line in lines)
    return [pair for item in items if item for pair in item.items()]


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_the_text_of_an_environment(file: Path, tmp_path: Path) -> None:
    facts = facts_of(tmp_path, file)
    lines = text(facts).splitlines()
    commands = [command.strip() for step in steps(facts).values() for command in step]
    for kind, line in expected(file):
        if kind in ("lost", "stays"):
            assert f"- {line}" in lines
        elif kind == "command":
            assert line in commands
        elif kind == "never":
            assert line not in text(facts)
    titles = [line for kind, line in expected(file) if kind == "step"]
    assert list(steps(facts))[: len(titles)] == titles


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_the_script_has_the_commands_of_the_text_in_their_order(file: Path, tmp_path: Path) -> None:
    facts = facts_of(tmp_path, file)
    lines = [line.strip() for line in re.sub(r" \\\n +", " ", script(facts)).splitlines()]
    assert "set -euo pipefail" in lines
    rest = iter(lines)
    for title, commands in steps(facts).items():
        if title != "Let the load balancer be deleted":
            assert all(command.strip() in rest for command in commands), title


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_shellcheck_finds_nothing(file: Path, tmp_path: Path) -> None:
    command = [str(SHELLCHECK), "--enable=quote-safe-variables", "-"]
    content = script(facts_of(tmp_path, file))
    done = subprocess.run(command, input=content, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("name", ["steps.j2", "script.sh.j2"])
def test_every_value_is_quoted_for_the_shell(name: str) -> None:
    """Printed is a value with the filter `quote`, or what a macro returns."""
    template = Environment(autoescape=True).parse((TEMPLATES / name).read_text())
    printed = [part for output in template.find_all(nodes.Output) for part in output.nodes]
    values = [part for part in printed if not isinstance(part, nodes.TemplateData)]
    assert values
    for value in values:
        while isinstance(value, nodes.Filter) and value.name in ("trim", "indent"):
            assert value.node is not None
            value = value.node  # of what `caller` returns
        quoted = isinstance(value, nodes.Filter) and value.name == "quote"
        assert quoted or isinstance(value, nodes.Call), f"{name}:{value.lineno}: is not quoted"


HOSTILE = """a'b"c$(touch harm)`touch harm`;touch harm #\\"""
STUBS = "aws() { :; }; kubectl() { :; }; terraform() { :; }; gitops-gen() { :; }\n"


def test_no_value_is_run(tmp_path: Path) -> None:
    """The schema admits no such names, and the script does not rely on that."""
    facts = facts_of(tmp_path, HERE / "environments/everything.yaml")
    cluster = facts.environment.values["cluster"]
    cluster.update(name=HOSTILE, region=HOSTILE, volumeTag={HOSTILE: HOSTILE})
    facts = ClusterFacts(replace(facts.environment, name=HOSTILE), facts.planned)
    content = STUBS + script(facts).replace("set -euo pipefail", "set -u")
    answers = "".join(f"{answer}\n" for answer in ["skip"] * 9)
    done = subprocess.run(
        ["bash", "-c", content], cwd=tmp_path, input=answers, capture_output=True, text=True
    )
    assert f"the cluster {HOSTILE} itself" in done.stdout
    assert "Look at what is left" in done.stdout
    assert not (tmp_path / "harm").exists()


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_applications_go_in_the_order_in_which_nothing_hangs(file: Path, tmp_path: Path) -> None:
    facts = facts_of(tmp_path, file)
    commands = steps(facts)["Delete the Applications, the highest wave first"]
    waves = {item.component.name: item.wave for item in facts.planned}
    order = [[waves[name] for name in command.split()[7:]] for command in commands]
    assert [len(set(group)) for group in order] == [1] * len(order)
    assert order == sorted(order, reverse=True)


# The script, run with tools that only note what they are asked


@pytest.fixture
def start(tmp_path: Path) -> Callable[..., tuple[int, str, list[str]]]:
    """Runs it with these answers; gives the exit code, what was said, and the tools' calls."""
    (tmp_path / "down.sh").write_text(script(facts_of(tmp_path, HERE / "environments/plain.yaml")))
    tools = tmp_path / "tools"
    tools.mkdir()

    def run(
        *answers: str, failing: str = "nothing", disk: str = IN_TREE
    ) -> tuple[int, str, list[str]]:
        commands = tmp_path / "calls"
        for tool in TOOLS:
            (tools / tool).write_text(_tool(tool, commands, failing, disk))
            (tools / tool).chmod(0o755)
        done = subprocess.run(
            ["bash", "down.sh"],
            cwd=tmp_path,
            env={"PATH": f"{tools}:{os.environ['PATH']}", "TMPDIR": str(tmp_path)},
            input="".join(f"{answer}\n" for answer in answers),
            capture_output=True,
            text=True,
            timeout=LIMIT,
        )
        return done.returncode, done.stdout + done.stderr, commands.read_text().splitlines()

    return run


IN_TREE, CSI = "awsElasticBlockStore.volumeID aws://eu-west-1a/vol-1", "csi.volumeHandle vol-1"
"""The field of a volume's spec that holds its id, and the id; a volume has one of the two."""


def _tool(name: str, commands: Path, failing: str, disk: str) -> str:
    """What it prints of a volume is what the jsonpath asks for, if the volume has it."""
    field, _, volume = disk.partition(" ")
    return f"""#!/bin/sh
echo "{name} $*" >> '{commands}'
case "{name} $*" in
  *"{failing}"*) exit 1 ;;
  *get-caller-identity*) echo 111122223333 ;;
  *"output -json gitops"*) echo '{{"clusterName":"acme-dev"}}' ;;
  *"get pvc"*) echo pvc-1 ;;
  *"get pv pvc-1"*"{{.spec.{field}}}"*) echo '{volume}' ;;
  *create-snapshot*) echo snap-1 ;;
  *describe-snapshots*--snapshot-ids*) echo completed ;;
  *describe-log-groups*) echo /aws/eks/acme-dev/cluster ;;
esac
"""


@pytest.mark.parametrize("disk", [IN_TREE, CSI], ids=["in-tree", "csi"])
def test_with_every_answer_everything_is_done_in_order(
    disk: str, start: Callable[..., tuple[int, str, list[str]]]
) -> None:
    code, output, commands = start(*ANSWERS, disk=disk)
    assert code == 0, output
    landmarks = [
        "delete applications.argoproj.io root",
        "--timeout=20m ingress",
        "--timeout=20m postgres",
        "Key=elbv2.k8s.aws/cluster,Values=acme-dev",
        "Key=kubernetes.io/cluster/acme-dev",
        "scale statefulset/postgres --replicas=0",
        "create-snapshot --region ap-northeast-2 --volume-id vol-1",
        "describe-snapshots --region ap-northeast-2 --snapshot-ids snap-1",
        "get persistentvolumeclaims --all-namespaces",
        "delete namespace database monitoring",
        "delete statefulsets --all --all-namespaces",
        "delete persistentvolumeclaims --all --all-namespaces",
        "terraform-vars dev --out terraform/bootstrap/dev.tfvars.json",
        "terraform/bootstrap destroy",
        "terraform/infra apply -target=",
        "terraform/infra destroy",
        "delete-log-group --region ap-northeast-2 --log-group-name /aws/eks/acme-dev/cluster",
    ]
    places = [next(i for i, call in enumerate(commands) if mark in call) for mark in landmarks]
    assert sorted(places) == places
    assert "the last snapshot is snap-1" in output


@pytest.mark.parametrize("answers", [(), ("yes",), ("",), ("acme-prod",)])
def test_without_the_clusters_name_nothing_is_destroyed(
    answers: tuple[str, ...], start: Callable[..., tuple[int, str, list[str]]]
) -> None:
    code, output, commands = start(*answers)
    assert code == 1
    assert "stopped; nothing of this step was done" in output
    assert not any("delete" in call or "destroy" in call for call in commands)


def test_a_step_may_be_passed_over(start: Callable[..., tuple[int, str, list[str]]]) -> None:
    code, _, commands = start(*["skip"] * len(ANSWERS))
    assert code == 0
    assert not any("delete" in call or "destroy" in call or "scale" in call for call in commands)


@pytest.mark.parametrize(
    "failing", ["get-caller-identity", "output -json gitops", "root", "postgres", "scale"]
)
def test_what_fails_stops_it(
    failing: str, start: Callable[..., tuple[int, str, list[str]]]
) -> None:
    code, output, commands = start(*ANSWERS, failing=failing)
    assert code != 0
    assert "stopped: this failed: " in output
    assert failing in commands[-1]


def test_a_volume_without_an_id_stops_it(
    start: Callable[..., tuple[int, str, list[str]]],
) -> None:
    code, output, commands = start(*ANSWERS, disk="nfs.path /data")
    assert code != 0
    assert 'stopped: this failed: test -n "$volume"' in output
    assert not any("create-snapshot" in call for call in commands)


def test_without_a_snapshot_the_data_needs_another_word(
    start: Callable[..., tuple[int, str, list[str]]],
) -> None:
    passed_over = ["acme-dev", "acme-dev", "skip"]
    code, output, commands = start(*passed_over, "acme-dev")
    assert code == 1
    assert "No last snapshot was made in this run of: the database 'app'" in output
    assert not any("delete namespace" in call for call in commands)
    code, _, commands = start(*passed_over, "acme-dev-without-snapshot")
    assert any("delete namespace" in call for call in commands)


def test_the_vpc_is_destroyed_from_outside_only(
    start: Callable[..., tuple[int, str, list[str]]],
) -> None:
    code, _, commands = start(*["acme-dev"] * len(ANSWERS))
    assert code == 1
    assert "terraform/bootstrap destroy" in " ".join(commands)
    assert "terraform/infra destroy" not in " ".join(commands)


def test_another_account_stops_it(
    start: Callable[..., tuple[int, str, list[str]]], tmp_path: Path
) -> None:
    text = (tmp_path / "down.sh").read_text().replace("= 111122223333", "= 444455556666")
    (tmp_path / "down.sh").write_text(text)
    code, output, commands = start(*ANSWERS)
    assert (code, len(commands)) == (1, 1)
    assert "stopped: this failed: test" in output
