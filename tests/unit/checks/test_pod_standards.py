"""What the Pod Security Standards do not admit, for Pods that are not in a chart of the example."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gitops_gen.checks.baseline_controls import BASELINE
from gitops_gen.checks.pod_standards import STRICTEST
from gitops_gen.checks.pod_templates import PodTemplate
from gitops_gen.checks.pods import image_digest, image_tag
from gitops_gen.checks.restricted_controls import RESTRICTED
from gitops_gen.objects.reading import manifests_in
from gitops_gen.yaml import yaml_load

SECURE = """
securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
containers:
  - name: web
    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
"""


def pod(specification: Any, minor: int = 35, kind: str = "Pod") -> PodTemplate:
    spec = yaml_load(specification.encode()) if isinstance(specification, str) else specification
    value: Any = {"kind": kind, "metadata": {"name": "web"}, "spec": spec}
    value["apiVersion"] = "v1"
    [item] = manifests_in(json.dumps(value).encode(), "pod.yaml", "")
    found = PodTemplate.of(item, minor)
    assert found is not None
    return found


def texts(template: PodTemplate, controls: Any = STRICTEST) -> list[str]:
    return [one.text for control in controls for one in control(template)]


def test_a_secure_pod_violates_nothing() -> None:
    assert texts(pod(SECURE)) == []


BASELINE_VIOLATIONS = {
    "containers: [{name: a, securityContext: {privileged: true}}]": "the container a is privileged",
    "initContainers: [{name: a, securityContext: {privileged: true}}]": (
        "the init container a is privileged"
    ),
    "ephemeralContainers: [{name: a, securityContext: {privileged: true}}]": (
        "the ephemeral container a is privileged"
    ),
    "securityContext: {windowsOptions: {hostProcess: true}}": (
        "the Pod runs as a process of the node"
    ),
    "containers: [{name: a, securityContext: {procMount: Unmasked}}]": (
        "the container a has the procMount Unmasked"
    ),
    "hostIPC: true": "the Pod shares the IPC of the node (hostIPC)",
    "volumes: [{name: a, hostPath: {path: /}}]": (
        "the volume a is the folder / of the node (hostPath)"
    ),
    "initContainers: [{name: a, ports: [{hostPort: 0}, {hostPort: 80}]}]": (
        "the init container a uses the port 80 of the node (hostPort)"
    ),
    "containers: [{name: a, lifecycle: {preStop: {httpGet: {host: b}}}}]": (
        "the container a has a preStop that connects to b"
    ),
    "containers: [{name: a, securityContext: {capabilities: {add: [CHOWN, NET_RAW]}}}]": (
        "the container a adds the capability NET_RAW"
    ),
    "containers: [{name: a, securityContext: {seccompProfile: {type: Unconfined}}}]": (
        "the container a has no seccomp profile"
    ),
    "securityContext: {appArmorProfile: {type: Unconfined}}": "the Pod has no AppArmor profile",
    "securityContext: {seLinuxOptions: {type: spc_t}}": "the Pod sets the SELinux type spc_t",
    "securityContext: {seLinuxOptions: {type: container_t, user: root}}": (
        "the Pod sets the SELinux user root"
    ),
    "securityContext: {sysctls: [{name: kernel.msgmax}]}": (
        "the Pod changes the sysctl kernel.msgmax"
    ),
}


@pytest.mark.parametrize("specification", BASELINE_VIOLATIONS)
def test_the_standard_baseline(specification: str) -> None:
    assert texts(pod(specification), BASELINE) == [BASELINE_VIOLATIONS[specification]]


RESTRICTED_VIOLATIONS = {
    "containers: [{name: a, securityContext: {runAsUser: 0, runAsNonRoot: true}}]": (
        "the container a runs as root (runAsUser: 0)"
    ),
    "volumes: [{name: a, nfs: {server: b}}, {name: c, emptyDir: {}}]": (
        "the volume a has the type nfs"
    ),
    "containers: [{name: a, securityContext: {runAsNonRoot: false}}]": (
        "the container a does not set runAsNonRoot to true"
    ),
    "containers: [{name: a, securityContext: {capabilities: {add: [CHOWN]}}}]": (
        "the container a adds the capability CHOWN"
    ),
}


@pytest.mark.parametrize("specification", RESTRICTED_VIOLATIONS)
def test_the_standard_restricted(specification: str) -> None:
    found = pod(specification)
    assert RESTRICTED_VIOLATIONS[specification] in texts(found, RESTRICTED)
    assert texts(found, BASELINE) == []


def test_a_container_without_fields_lacks_four_of_them() -> None:
    found = [one for control in RESTRICTED for one in control(pod("containers: [{name: a}]"))]
    assert len(found) == 4
    assert all(one.missing for one in found)


def test_the_version_of_the_standard_decides() -> None:
    probe = "containers: [{name: a, livenessProbe: {tcpSocket: {host: b}}}]"
    assert (len(texts(pod(probe, 33), BASELINE)), len(texts(pod(probe, 34), BASELINE))) == (0, 1)
    sysctl = "securityContext: {sysctls: [{name: net.ipv4.tcp_rmem}]}"
    assert (len(texts(pod(sysctl, 31), BASELINE)), len(texts(pod(sysctl, 32), BASELINE))) == (1, 0)


def test_root_in_a_user_namespace_is_not_root_on_the_node() -> None:
    root = "containers: [{name: a, securityContext: {runAsUser: 0}}]"
    assert any("root" in text for text in texts(pod(root)))
    assert not any("root" in text for text in texts(pod(f"hostUsers: false\n{root}")))


def test_controls_of_linux_do_not_apply_to_windows() -> None:
    windows = "os: {name: windows}\nsecurityContext: {runAsNonRoot: true}\ncontainers: [{name: a}]"
    assert texts(pod(windows)) == []


@pytest.mark.parametrize(
    "specification",
    [
        {"containers": "web"},
        {"containers": [None, "web", {"name": 1, "securityContext": []}]},
        {"containers": None, "volumes": {"a": 1}, "securityContext": None},
        {"securityContext": {"sysctls": ["a"], "seLinuxOptions": [], "capabilities": {"add": "a"}}},
        {"containers": [{"ports": [{"hostPort": {}}], "livenessProbe": "a", "lifecycle": [1]}]},
        {"securityContext": {"sysctls": [{"name": {}}], "seLinuxOptions": {"type": []}}},
        {"containers": [{"securityContext": {"capabilities": {"add": [{}], "drop": [[]]}}}]},
        {},
    ],
)
def test_a_pod_that_the_api_server_refuses_is_no_failure(specification: Any) -> None:
    texts(pod(specification))


@pytest.mark.parametrize(
    ("image", "tag", "digest"),
    [
        ("web", "", ""),
        ("web:1", "1", ""),
        ("ghcr.io:443/acme/web", "", ""),
        ("ghcr.io:443/acme/web:1.0", "1.0", ""),
        ("ghcr.io/acme/web:1.0@sha256:ab", "1.0", "sha256:ab"),
        ("ghcr.io/acme/web@sha256:ab", "", "sha256:ab"),
    ],
)
def test_the_parts_of_an_image_reference(image: str, tag: str, digest: str) -> None:
    assert (image_tag(image), image_digest(image)) == (tag, digest)
