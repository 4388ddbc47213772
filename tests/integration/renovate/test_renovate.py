"""Renovate, with the settings that `init` writes, finds the tags of images in values/.

The tests of the regular expression run everywhere. Those of Renovate itself need the program
`renovate` on the PATH, or its path in RENOVATE.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.repository import Repository

RENOVATE = os.environ.get("RENOVATE") or shutil.which("renovate")
DIGEST = f"sha256:{'0123456789abcdef' * 4}"
EXPECTED = [
    ("ghcr.io/acme/backend", "2.0.1", None),
    ("ghcr.io/acme/backend", "2.1.0", None),
    ("ghcr.io/acme/frontend", "1.4.2", None),
    ("ghcr.io/acme/frontend", "1.5.0", None),
]


def settings(folder: Path, helm: str) -> dict[str, Any]:
    """The settings that init writes."""
    folder.mkdir()
    done = Repository(folder, helm).run("init")
    assert done.returncode == 0, done.stderr
    return dict(json.loads((folder / "renovate.json").read_text()))


@pytest.fixture
def example(rendered: Repository, tmp_path: Path) -> Repository:
    """The rendered example with the settings of Renovate, committed."""
    shutil.copytree(rendered.root, tmp_path / "shop")
    repository = Repository(tmp_path / "shop", rendered.helm)
    repository.write("renovate.json", json.dumps(settings(tmp_path / "new", rendered.helm)))
    repository.git("init", "--quiet", "--initial-branch=main")
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "all")
    return repository


# The regular expression


def matches(text: str, helm: str, folder: Path) -> list[tuple[str, str, str | None]]:
    """Returns name, tag and digest of each image that the expression finds in a text."""
    [manager] = settings(folder, helm)["customManagers"]
    [expression] = manager["matchStrings"]
    found = re.finditer(expression.replace("(?<", "(?P<"), text)
    return [(one["depName"], one["currentValue"], one["currentDigest"]) for one in found]


def test_the_tags_of_the_example(repository: Repository, tmp_path: Path) -> None:
    text = "".join(path.read_text() for path in repository.path("values").glob("*.yaml"))
    assert sorted(matches(text, repository.helm, tmp_path / "new")) == EXPECTED


@pytest.mark.parametrize(
    ("lines", "tag", "digest"),
    [
        ("tag: 1.2.3", "1.2.3", None),
        ('tag: "1.2"', "1.2", None),
        ("tag: '1.2'  # the release of May", "1.2", None),
        ("tag: v1.2.3-rc.1_a\n  pullPolicy: Always", "v1.2.3-rc.1_a", None),
        (f"tag: 1.2.3\n  digest: {DIGEST}", "1.2.3", DIGEST),
        (f'tag: 1.2.3  # May\n  digest: "{DIGEST}"', "1.2.3", DIGEST),
    ],
)
def test_forms_of_a_tag(
    lines: str, tag: str, digest: str | None, helm: str, tmp_path: Path
) -> None:
    text = f"image:\n  # renovate: image=registry:5000/a/b\n  {lines}\n"
    assert matches(text, helm, tmp_path / "new") == [("registry:5000/a/b", tag, digest)]


@pytest.mark.parametrize(
    "text",
    [
        "image:\n  tag: 1.2.3\n",
        "image:\n  # renovate: image=a/b\n  repository: a/b\n  tag: 1.2.3\n",
        "image:\n  # renovate: image=a/b\n  tag:\n  other: 1\n",
    ],
)
def test_a_tag_without_a_comment_is_not_found(text: str, helm: str, tmp_path: Path) -> None:
    assert matches(text, helm, tmp_path / "new") == []


def test_set_keeps_the_comment(repository: Repository, tmp_path: Path) -> None:
    arguments = ("tiers.backend.image.tag=2.1.1", f"tiers.backend.image.digest={DIGEST}")
    assert repository.run("set", "dev", *arguments).returncode == 0
    found = matches(repository.read("values/dev.yaml"), repository.helm, tmp_path / "new")
    assert found == [
        ("ghcr.io/acme/frontend", "1.5.0", None),
        ("ghcr.io/acme/backend", "2.1.1", DIGEST),
    ]


# Renovate itself

PINS = """\
apiVersion: v2
name: upstream
version: 0.0.0
dependencies:
  - name: cert-manager
    version: v1.21.1
    repository: https://charts.jetstack.io
  - name: app
    alias: mailer
    version: ^2.3
    repository: oci://registry.example.com/charts
"""
CHARTS = [
    ("app", "^2.3", ["oci://registry.example.com/charts"]),
    ("cert-manager", "v1.21.1", ["https://charts.jetstack.io"]),
]
LOCK = """\
format: 1
charts:
  - name: cert-manager
    version: v1.21.1
    source: https://charts.jetstack.io
    archiveSha256: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
"""


@pytest.mark.skipif(RENOVATE is None, reason="renovate is not on the PATH")
def test_renovate_finds_the_tags_and_no_generated_file(example: Repository) -> None:
    found = dict(extracted(example))
    assert found.pop("regex") == {"values/dev.yaml", "values/prod.yaml"}
    assert not any(
        path.startswith(("rendered/", "argocd/")) for paths in found.values() for path in paths
    )
    assert sorted(images(example)) == EXPECTED


@pytest.mark.skipif(RENOVATE is None, reason="renovate is not on the PATH")
def test_renovate_finds_exactly_the_pinned_charts(example: Repository) -> None:
    """In Chart.yaml and not in the lock beside it, nor in the charts that gitops-gen writes."""
    example.write("charts/upstream/Chart.yaml", PINS)
    example.write("charts/upstream/charts.lock", LOCK)
    example.git("add", "--all")
    found = package_files(example)
    [file] = found["helmv3"]
    assert file["packageFile"] == "charts/upstream/Chart.yaml"
    charts = [(one["depName"], one["currentValue"], _registries(one)) for one in file["deps"]]
    assert sorted(charts) == CHARTS
    assert sorted(images(example)) == EXPECTED


def _registries(dependency: dict[str, Any]) -> list[str]:
    """Renovate looks an OCI chart up as a Docker image, whose name is its address."""
    if dependency.get("datasource") == "docker":
        return [f"oci://{dependency['packageName'].rpartition('/')[0]}"]
    return list(dependency["registryUrls"])


@pytest.mark.skipif(RENOVATE is None, reason="renovate is not on the PATH")
def test_renovate_finds_the_tags_in_a_folder_of_a_clone(
    rendered: Repository, tmp_path: Path
) -> None:
    clone = Repository(tmp_path, rendered.helm)
    clone.git("init", "--quiet", "--initial-branch=main")
    assert clone.run("init", "de.ploy").returncode == 2, "the name of a folder"
    assert clone.run("init", "infra.d/deploy").returncode == 0
    Repository(tmp_path / "infra.d/deploy", rendered.helm).render()
    clone.git("add", "--all")
    clone.git("commit", "--quiet", "--message", "all")
    found = dict(extracted(clone))
    assert found["regex"] == {"infra.d/deploy/values/dev.yaml"}
    generated = re.compile(r"infra\.d/deploy/(rendered|argocd)/")
    assert not any(generated.match(path) for paths in found.values() for path in paths)


def extracted(repository: Repository) -> Iterator[tuple[str, set[str]]]:
    """Yields the files of each manager in which Renovate found something to update."""
    for manager, files in package_files(repository).items():
        yield manager, {file["packageFile"] for file in files}


def images(repository: Repository) -> Iterator[tuple[str, str, str | None]]:
    for file in package_files(repository)["regex"]:
        for image in file["deps"]:
            yield image["depName"], image["currentValue"], image.get("currentDigest")


def package_files(repository: Repository) -> dict[str, Any]:
    """Runs Renovate as docs/pull-requests.md does, without access to a network."""
    done = subprocess.run(
        [str(RENOVATE), "--platform=local", "--dry-run=extract"],
        cwd=repository.root,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(repository.root.parent),
            "LOG_LEVEL": "debug",
            "LOG_FORMAT": "json",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    entries = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    [found] = [entry["packageFiles"] for entry in entries if "packageFiles" in entry]
    return dict(found)
