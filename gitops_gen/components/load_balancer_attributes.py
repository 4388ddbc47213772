"""The attributes of an Application Load Balancer and of its target groups, with their values.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

from gitops_gen.inputs.wording import did_you_mean

Values: TypeAlias = tuple[str, ...] | range | None
"""The words, or the numbers, that AWS accepts; None for any text."""

_BOOLEAN = ("true", "false")
_SEVEN_DAYS = range(1, 604_801)
_TARGETS = range(1, 2**31)
_PERCENT = range(1, 101)

LOAD_BALANCER: Mapping[str, Values] = {
    "access_logs.s3.bucket": None,
    "access_logs.s3.enabled": _BOOLEAN,
    "access_logs.s3.prefix": None,
    "client_keep_alive.seconds": range(60, 604_801),
    "connection_logs.s3.bucket": None,
    "connection_logs.s3.enabled": _BOOLEAN,
    "connection_logs.s3.prefix": None,
    "deletion_protection.enabled": _BOOLEAN,
    "health_check_logs.s3.bucket": None,
    "health_check_logs.s3.enabled": _BOOLEAN,
    "health_check_logs.s3.prefix": None,
    "idle_timeout.timeout_seconds": range(1, 4001),
    "ipv6.deny_all_igw_traffic": _BOOLEAN,
    "load_balancing.cross_zone.enabled": ("true",),
    "routing.http.desync_mitigation_mode": ("monitor", "defensive", "strictest"),
    "routing.http.drop_invalid_header_fields.enabled": _BOOLEAN,
    "routing.http.preserve_host_header.enabled": _BOOLEAN,
    "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": _BOOLEAN,
    "routing.http.xff_client_port.enabled": _BOOLEAN,
    "routing.http.xff_header_processing.mode": ("append", "preserve", "remove"),
    "routing.http2.enabled": _BOOLEAN,
    "waf.fail_open.enabled": _BOOLEAN,
    "zonal_shift.config.enabled": _BOOLEAN,
}
TARGET_GROUP: Mapping[str, Values] = {
    "deregistration_delay.timeout_seconds": range(3601),
    "load_balancing.algorithm.anomaly_mitigation": ("on", "off"),
    "load_balancing.algorithm.type": (
        *("round_robin", "least_outstanding_requests", "weighted_random"),
    ),
    "load_balancing.cross_zone.enabled": (*_BOOLEAN, "use_load_balancer_configuration"),
    "slow_start.duration_seconds": range(901),
    "stickiness.app_cookie.cookie_name": None,
    "stickiness.app_cookie.duration_seconds": _SEVEN_DAYS,
    "stickiness.enabled": _BOOLEAN,
    "stickiness.lb_cookie.duration_seconds": _SEVEN_DAYS,
    "stickiness.type": ("lb_cookie", "app_cookie"),
    "target_group_health.dns_failover.minimum_healthy_targets.count": _TARGETS,
    "target_group_health.dns_failover.minimum_healthy_targets.percentage": _PERCENT,
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": _TARGETS,
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": _PERCENT,
}
_SLOW_START = "slow_start.duration_seconds"
_ALGORITHM = "load_balancing.algorithm.type"
_LOGS = tuple(f"{kind}_logs.s3" for kind in ("access", "connection", "health_check"))
_NEEDED: tuple[tuple[str, str, str, str | None], ...] = (
    *((f"{logs}.enabled", "true", f"{logs}.bucket", None) for logs in _LOGS),
    ("stickiness.type", "app_cookie", "stickiness.app_cookie.cookie_name", None),
    ("load_balancing.algorithm.anomaly_mitigation", "on", _ALGORITHM, "weighted_random"),
)
"""An attribute, its value, and the attribute that it requires; None for any value of the latter."""


def unknown(name: str, attributes: Mapping[str, Values], owner: str) -> str:
    """Returns the message about a name that is not in `attributes`."""
    hint = did_you_mean(name, attributes)
    return f"is not an attribute of {owner}; correct the name or remove it{hint}"


def value_problem(name: str, attributes: Mapping[str, str], allowed: Values) -> str | None:
    """Returns the message about a value that AWS refuses; None if AWS accepts it."""
    return _own_problem(name, attributes[name], allowed) or _needed_problem(name, attributes)


def _own_problem(name: str, text: str, allowed: Values) -> str | None:
    if isinstance(allowed, tuple) and text not in allowed:
        return f"'{text}' is not one of {', '.join(allowed)}; write one of them"
    if not isinstance(allowed, range):
        return None
    number = int(text) if re.fullmatch("[0-9]{1,12}", text) else -1
    if number not in allowed:
        low, high = allowed[0], allowed[-1]
        return f"'{text}' is not a number from {low} to {high}; write one in this range"
    if name == _SLOW_START and 0 < number < 30:
        return f"'{text}' is too short; write 30 to 900, or 0 to turn slow start off"
    return None


def _needed_problem(name: str, attributes: Mapping[str, str]) -> str | None:
    """Returns the message about a value that AWS refuses beside the other attributes."""
    for first, value, second, required in _NEEDED:
        if (name, attributes[name]) != (first, value):
            continue
        if second not in attributes:
            return f"'{value}' requires {second}; set it{f' to {required}' if required else ''}"
        if required not in (None, attributes[second]):
            return f"'{value}' requires {second} to be {required}; change one of the two"
    if name == _SLOW_START and attributes[name] != "0":
        algorithm = attributes.get(_ALGORITHM, "round_robin")
        if algorithm != "round_robin":
            return f"slow start does not work with '{algorithm}'; remove one of the two"
    return None
