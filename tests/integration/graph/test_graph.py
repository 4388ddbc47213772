"""`gitops-gen graph` prints diagrams that Mermaid draws, with the names of every object as text."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from gitops_gen.checks.graphs import EdgeStyle, Graph, GraphEdge, GraphGroup, GraphNode
from gitops_gen.report.graph import page
from tests.repository import Repository
from tests.waiting import LIMIT

MERMAID = Path.home() / ".cache/gitops-gen/mermaid"
"""Where `make mermaid` installs Mermaid."""
DRAW = Path(__file__).parent / "mermaid/draw.mjs"
HOSTILE = [
    'a"] --> b["c',
    "%%{init: {'theme': 'dark'}}%%",
    "<img src=x onerror=alert(1)>",
    'click n0 href "javascript:alert(1)"',
    "```\n# heading",
    "end",
    "`**bold**`",
    "#quot; #60;",
    "[link](https://example.org)",
    "프런트엔드",
]

needs_mermaid = pytest.mark.skipif(
    not (MERMAID / "node_modules/mermaid").is_dir() or shutil.which("node") is None,
    reason="Mermaid is not installed, so no diagram is drawn: run `make mermaid`",
)


def drawn(markdown: str) -> list[dict[str, Any]]:
    """The texts in the pictures that Mermaid makes of the diagrams."""
    done = subprocess.run(
        ["node", str(DRAW), str(MERMAID)],
        input=markdown,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def joined(text: str) -> str:
    """The text without the spaces at which Mermaid breaks lines."""
    return "".join(text.split())


def hostile_graph() -> Graph:
    nodes = tuple(GraphNode(name, (name,), "group") for name in HOSTILE)
    edges = tuple(GraphEdge(HOSTILE[0], name, (name,), EdgeStyle.DOTTED) for name in HOSTILE[1:])
    return Graph("Traffic", "Text.", nodes, edges, (GraphGroup("group", HOSTILE[0]),))


def test_the_graph_of_the_example(rendered: Repository) -> None:
    done = rendered.run("graph", "prod")
    assert done.returncode == 0, done.stderr
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert lines[0] == "# prod"
    assert [line for line in lines if line.startswith("##")] == ["## Traffic", "## Dependencies"]
    assert 'n6 -->|"TCP 5432: app/backend, database/postgres"| n10' in lines
    assert 'n18 -->|"HTTP 80"| n16' in lines
    assert done.stdout == rendered.run("graph", "prod").stdout


def test_all_environments_are_printed_even_if_they_are_not_rendered(
    repository: Repository,
) -> None:
    done = repository.run("graph")
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stdout.splitlines() if line.startswith("# ")] == [
        "# dev",
        "# prod",
    ]
    assert not repository.path("rendered").exists()


def test_an_unknown_environment_is_refused(repository: Repository) -> None:
    done = repository.run("graph", "production")
    assert (done.returncode, done.stdout) == (2, "")
    assert "the environments here are: dev, prod" in done.stderr


def test_a_flow_that_policies_block_is_dotted(repository: Repository) -> None:
    values = repository.read("values/dev.yaml")
    text = values.replace(
        "  frontend:\n", '  frontend:\n    env: {BACKEND: "http://backend:8080"}\n', 1
    )
    repository.write("values/dev.yaml", text)
    done = repository.run("graph", "dev")
    assert 'n7 -.->|"TCP 8080: blocked"| n6' in done.stdout


def test_no_name_ends_a_diagram_or_a_text() -> None:
    text = page([("prod", [hostile_graph()])])
    assert text.count("```") == 2
    diagram = text.partition("```mermaid\n")[2].partition("```")[0]
    assert not any(mark in diagram for mark in ("%%", "<img", "`", 'click n0 href "'))


@needs_mermaid
def test_mermaid_draws_the_graphs_of_the_example(rendered: Repository) -> None:
    traffic, dependencies = drawn(rendered.run("graph", "prod").stdout)
    assert "postgresStatefulSet" in traffic["nodes"]
    assert "namespace app" in traffic["groups"]
    assert "TCP8080:app/backend" in map(joined, traffic["edges"])
    assert set(dependencies["nodes"]) >= {"backend", "ingress", "platform", "postgres"}
    assert traffic["arrows"] == 10


@needs_mermaid
def test_mermaid_draws_hostile_names_as_text() -> None:
    [diagram] = drawn(page([("prod", [hostile_graph()])]))
    assert sorted(map(joined, diagram["nodes"])) == sorted(map(joined, HOSTILE))
    assert sorted(map(joined, diagram["edges"])) == sorted(map(joined, HOSTILE[1:]))
    assert list(map(joined, diagram["groups"])) == [joined(HOSTILE[0])]
    assert (diagram["arrows"], diagram["active"]) == (len(HOSTILE) - 1, 0)
