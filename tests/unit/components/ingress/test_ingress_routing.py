"""The tier to which a path is routed, by the rules of the AWS Load Balancer Controller."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.components.first_party.rendering import Example, Object, Render

VALID = Path(__file__).parent / "valid"
ALB = "alb.ingress.kubernetes.io/"


def order(ingress: Object) -> tuple[int, str, str]:
    metadata = ingress["metadata"]
    number = int(metadata["annotations"][f"{ALB}group.order"])
    return number, metadata["namespace"], metadata["name"]


def answers(example: Example, path: str, host: str | None = None) -> str | None:
    """Routes like the controller: sorted by group.order, then by length; the first match wins."""
    for ingress in sorted(example.all("Ingress"), key=order):
        for rule in ingress["spec"]["rules"]:
            if rule.get("host") not in (None, host):
                continue
            for entry in sorted(rule["http"]["paths"], key=lambda entry: -len(entry["path"])):
                prefix = entry["path"].rstrip("/")
                if path == prefix or path.startswith(prefix + "/"):
                    return str(entry["backend"]["service"]["name"])
    return None


def annotations(example: Example) -> dict[str, str]:
    found = [dict(ingress["metadata"]["annotations"]) for ingress in example.all("Ingress")]
    for each in found:
        del each[f"{ALB}group.order"]
    # The Ingresses of a group share one ALB, so the controller refuses different settings.
    assert all(each == found[0] for each in found)
    return {key.removeprefix(ALB): text for key, text in found[0].items()}


@pytest.mark.parametrize(
    ("path", "tier"),
    [("/", "frontend"), ("/apis", "frontend"), ("/api", "backend"), ("/api/v1/items", "backend")],
)
def test_two_tiers(rendered: Render, path: str, tier: str) -> None:
    assert answers(rendered(VALID / "nothing-said.yaml"), path) == tier


@pytest.mark.parametrize(
    ("path", "tier"),
    [("/api/v2/items", "backend"), ("/api/v1", "legacy"), ("/api", "legacy"), ("/", "frontend")],
)
def test_interleaving_paths_of_several_namespaces(rendered: Render, path: str, tier: str) -> None:
    example = rendered(VALID / "interleaved.yaml")
    assert answers(example, path) == tier
    assert annotations(example)["group.name"] == "app"


def test_an_ingress_is_in_the_namespace_of_its_tiers(rendered: Render) -> None:
    example = rendered(VALID / "interleaved.yaml")
    names = [(o["metadata"]["namespace"], o["metadata"]["name"]) for o in example.all("Ingress")]
    assert sorted(names) == [("app", "ingress"), ("app", "ingress-2"), ("legacy", "ingress")]


def test_longest_path_first_without_disabled_tiers(rendered: Render) -> None:
    example = rendered(VALID / "many-paths.yaml")
    paths = example.one("Ingress")["spec"]["rules"][0]["http"]["paths"]
    assert [entry["path"] for entry in paths] == ["/a/very/long/path", "/api", "/a", "/"]
    assert {entry["pathType"] for entry in paths} == {"Prefix"}
    assert paths[0]["backend"] == {"service": {"name": "z", "port": {"number": 8081}}}


def test_one_rule_for_each_host(rendered: Render) -> None:
    example = rendered(VALID / "https.yaml")
    hosts = [rule["host"] for rule in example.one("Ingress")["spec"]["rules"]]
    assert hosts == ["shop.example.com", "*.shop.example.com"]
    assert answers(example, "/api", "shop.example.com") == "backend"


def test_port_80_is_open_to_all(rendered: Render) -> None:
    ours = annotations(rendered(VALID / "nothing-said.yaml"))
    assert ours["listen-ports"] == '[{"HTTP": 80}]'
    assert ours["inbound-cidrs"] == "0.0.0.0/0"
    assert ours["scheme"] == "internet-facing"
    assert ours["target-type"] == "ip"
    assert not {"certificate-arn", "ssl-redirect", "security-groups"} & ours.keys()


def test_terraform_s_security_groups(rendered: Render) -> None:
    ours = annotations(rendered(VALID / "terraform.yaml"))
    assert ours["security-groups"] == "acme-dev-alb,sg-0a1b2c3d4e5f60718"
    assert ours["manage-backend-security-group-rules"] == "false"
    assert "inbound-cidrs" not in ours


def test_https_with_a_redirect(rendered: Render) -> None:
    ours = annotations(rendered(VALID / "https.yaml"))
    assert ours["listen-ports"] == '[{"HTTP": 80}, {"HTTPS": 443}]'
    assert ours["ssl-redirect"] == "443"
    assert ours["certificate-arn"].startswith("arn:aws:acm:ap-northeast-2:")
    assert "TLS13" in ours["ssl-policy"]
    assert ours["inbound-cidrs"] == "203.0.113.0/24,198.51.100.0/24"


def test_all_settings(rendered: Render) -> None:
    example = rendered(VALID / "internal.yaml")
    ours = annotations(example)
    attributes = dict(pair.split("=") for pair in ours["load-balancer-attributes"].split(","))
    assert attributes == {
        "access_logs.s3.bucket": "acme-alb-logs",
        "access_logs.s3.enabled": "true",
        "access_logs.s3.prefix": "dev",
        "deletion_protection.enabled": "true",
        "idle_timeout.timeout_seconds": "120",
        "routing.http.drop_invalid_header_fields.enabled": "true",
        "routing.http2.enabled": "false",
    }
    assert ours["scheme"] == "internal"
    assert ours["group.name"] == "shop.internal"
    assert ours["tags"] == "stage=dev,team=shop"
    assert ours["wafv2-acl-arn"].endswith("shop/0f1e2d3c-aaaa-bbbb-cccc-0123456789ab")
    assert ours["manage-backend-security-group-rules"] == "true"


def test_the_class_is_rendered_and_deleted_after_the_ingresses(rendered: Render) -> None:
    example = rendered(VALID / "nothing-said.yaml")
    ours = example.one("IngressClass", "alb")
    assert ours["spec"] == {"controller": "ingress.k8s.aws/alb"}
    assert ours["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"] == "-1"
    assert example.one("Ingress")["spec"]["ingressClassName"] == "alb"


def test_an_existing_class(rendered: Render) -> None:
    example = rendered(VALID / "internal.yaml")
    assert not example.all("IngressClass")
    assert example.one("Ingress")["spec"]["ingressClassName"] == "shared"
    assert "ingress-controller:alb" not in example.components["ingress"].requires


def test_the_ingress_is_synced_after_the_controller_and_the_tiers(rendered: Render) -> None:
    component = rendered(VALID / "nothing-said.yaml").components["ingress"]
    assert component.requires == {"ingress-controller:alb", "tier:backend", "tier:frontend"}
    assert {namespace.name for namespace in component.namespaces} == {"app"}


@pytest.mark.parametrize("name", ["nothing-to-route.yaml", "off.yaml"])
def test_no_load_balancer(rendered: Render, name: str) -> None:
    assert "ingress" not in rendered(VALID / name).components
