"""The annotations of each Ingress for the AWS Load Balancer Controller.

All Ingresses of the group have the same annotations, because the controller rejects a group with
different ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gitops_gen.model import Values

PREFIX = "alb.ingress.kubernetes.io/"


def ingress_annotations(section: Values) -> dict[str, str]:
    pairs = [*_balancer(section), *_listeners(section), *_access(section)]
    return {PREFIX + name: text for name, text in sorted(pairs)}


def _balancer(section: Values) -> Iterator[tuple[str, str]]:
    yield "group.name", section["groupName"]
    yield "scheme", section["scheme"]
    # Requests go directly to the Pods, and readiness gates work.
    yield "target-type", "ip"
    yield "load-balancer-attributes", _pairs(_attributes(section))
    if section.get("tags"):
        yield "tags", _pairs(section["tags"])
    if "wafAclArn" in section:
        yield "wafv2-acl-arn", section["wafAclArn"]


def _listeners(section: Values) -> Iterator[tuple[str, str]]:
    if "certificateArn" not in section:
        yield "listen-ports", '[{"HTTP": 80}]'
        return
    yield "listen-ports", '[{"HTTP": 80}, {"HTTPS": 443}]'
    yield "ssl-redirect", "443"
    yield "certificate-arn", section["certificateArn"]
    yield "ssl-policy", section["sslPolicy"]


def _access(section: Values) -> Iterator[tuple[str, str]]:
    """Yields the security groups of the user, or the ranges for a group of the controller."""
    if section.get("securityGroups"):
        managed = section.get("manageBackendSecurityGroupRules", False)
        yield "security-groups", ",".join(section["securityGroups"])
        yield "manage-backend-security-group-rules", "true" if managed else "false"
    else:
        yield "inbound-cidrs", ",".join(section.get("inboundCidrs", ["0.0.0.0/0"]))


def _attributes(section: Values) -> dict[str, str]:
    logs = section.get("accessLogs")
    attributes = {
        "deletion_protection.enabled": "true" if section.get("deletionProtection") else "false",
        "idle_timeout.timeout_seconds": str(section["idleTimeoutSeconds"]),
        "routing.http.drop_invalid_header_fields.enabled": "true",
        "access_logs.s3.enabled": "true" if logs else "false",
    }
    if logs:
        attributes["access_logs.s3.bucket"] = logs["bucket"]
        attributes |= {"access_logs.s3.prefix": logs["prefix"]} if "prefix" in logs else {}
    return {**attributes, **section.get("attributes", {})}


def _pairs(mapping: Mapping[str, str]) -> str:
    return ",".join(f"{key}={mapping[key]}" for key in sorted(mapping))
