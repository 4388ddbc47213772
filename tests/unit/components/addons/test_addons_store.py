"""The chart of the ClusterSecretStore, the only first-party chart of an add-on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from gitops_gen import helm
from gitops_gen.components.types import Component, Subchart

Plan = Callable[[str], dict[str, Component]]


@pytest.fixture
def store(components: Plan, tmp_path: Path) -> dict[str, Any]:
    source = components("own-store")["external-secrets-store"].source
    assert isinstance(source, Subchart)
    values = tmp_path / "values.json"
    values.write_text(json.dumps(source.values))
    said: list[str] = []
    rendering = helm.template(
        helm.executable(said.append),
        f"{source.folder}/chart",
        release="platform",
        namespace="external-secrets",
        kube_version="1.35",
        values=str(values),
    )
    objects = list(yaml.safe_load_all(asyncio.run(rendering)))
    assert len(objects) == 1
    return dict(objects[0])


def test_the_store_is_cluster_scoped(store: dict[str, Any]) -> None:
    assert (store["apiVersion"], store["kind"]) == ("external-secrets.io/v1", "ClusterSecretStore")
    assert store["metadata"]["name"] == "parameters"
    assert "namespace" not in store["metadata"]


def test_the_store_holds_no_credentials(store: dict[str, Any]) -> None:
    assert store["spec"] == {
        "provider": {"aws": {"service": "ParameterStore", "region": "ap-northeast-2"}}
    }


def test_the_stores_labels(store: dict[str, Any]) -> None:
    assert store["metadata"]["labels"] == {
        "app.kubernetes.io/name": "external-secrets-store",
        "app.kubernetes.io/instance": "external-secrets-store",
        "app.kubernetes.io/component": "platform",
        "app.kubernetes.io/part-of": "acme-dev",
        "app.kubernetes.io/managed-by": "gitops-gen",
    }
