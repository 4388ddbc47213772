"""`helm template`: the output is unchanged, and refusals differ from other failures."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from gitops_gen.errors import ToolFailed
from gitops_gen.helm import HELM_VERSION, Executable, HelmRefused, template

CONFIG_MAP = """apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
data:
  kubernetes: {{ .Capabilities.KubeVersion.Version | quote }}
  port: {{ .Values.port | quote }}
"""


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    (tmp_path / "chart/templates").mkdir(parents=True)
    (tmp_path / "chart/Chart.yaml").write_text("apiVersion: v2\nname: shop\nversion: 1.0.0\n")
    (tmp_path / "chart/values.yaml").write_text("port: 80\n")
    (tmp_path / "chart/templates/x.yaml").write_text(CONFIG_MAP)
    return tmp_path / "chart"


def run(helm: str, chart: Path, values: str | None = None, timeout: float = 60) -> bytes:
    command = template(
        Executable(helm, HELM_VERSION),
        str(chart),
        release="platform",
        namespace="default",
        kube_version="1.35",
        values=values,
        timeout=timeout,
    )
    return asyncio.run(command)


def test_it_renders_for_the_kubernetes_version_that_is_given(helm: str, chart: Path) -> None:
    output = run(helm, chart)
    assert b"# Source: shop/templates/x.yaml\n" in output
    assert b'kubernetes: "v1.35"' in output
    assert b'port: "80"' in output


def test_values_are_merged_over_those_of_the_chart(helm: str, chart: Path, tmp_path: Path) -> None:
    values = tmp_path / "values with a space.yaml"
    values.write_text("port: 81\n")
    assert b'port: "81"' in run(helm, chart, str(values))


def test_crds_and_tests_are_included(helm: str, chart: Path) -> None:
    (chart / "crds").mkdir()
    (chart / "crds/crd.yaml").write_text("kind: CustomResourceDefinition\n")
    test = 'kind: Pod\nmetadata: {annotations: {"helm.sh/hook": test}}\n'
    (chart / "templates/test.yaml").write_text(test)
    output = run(helm, chart)
    assert b"kind: CustomResourceDefinition" in output
    assert b"kind: Pod" in output


def test_settings_of_the_user_do_not_change_the_output(
    helm: str, chart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = run(helm, chart)
    for name in ("HELM_NAMESPACE", "HELM_KUBECONTEXT", "HELM_PLUGINS", "KUBECONFIG"):
        monkeypatch.setenv(name, "/nowhere")
    monkeypatch.setenv("HELM_DEBUG", "true")
    assert run(helm, chart) == output


def test_a_refusal_has_the_message_of_helm_without_its_prefix(helm: str, chart: Path) -> None:
    (chart / "templates/x.yaml").write_text('{{ fail "no port" }}')
    with pytest.raises(HelmRefused, match=r"^execution error at \(shop.*: no port"):
        run(helm, chart)


def test_a_refusal_that_is_not_utf_8(helm: str, chart: Path) -> None:
    (chart / "templates/x.yaml").write_bytes(b'{{ fail "caf\xe9" }}')
    with pytest.raises(HelmRefused, match="caf\ufffd"):
        run(helm, chart)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("exit 3", "could not be run: exit code 3"),
        ("echo out of memory >&2; exit 1", "could not be run: out of memory"),
    ],
)
def test_a_failure_is_not_a_refusal(tmp_path: Path, chart: Path, text: str, words: str) -> None:
    path = tmp_path / "helm"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    with pytest.raises(ToolFailed, match=words):
        run(str(path), chart)


def test_a_run_that_never_ends_is_ended(tmp_path: Path, chart: Path) -> None:
    """Without a timeout, this test would never end."""
    path = tmp_path / "helm"
    path.write_text("#!/bin/sh\nexec sleep infinity\n")
    path.chmod(0o755)
    with pytest.raises(ToolFailed, match=r"did not finish within 0\.3 s"):
        run(str(path), chart, timeout=0.3)


def test_a_missing_helm(chart: Path) -> None:
    with pytest.raises(ToolFailed, match="/nowhere/helm could not be run"):
        run("/nowhere/helm", chart)
