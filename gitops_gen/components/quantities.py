"""Kubernetes quantities: their numeric value, and limits held against requests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gitops_gen.model import Environment, Finding, Path

if TYPE_CHECKING:
    from decimal import Decimal

SUFFIXES = {
    "n": (10, -9),
    "u": (10, -6),
    "m": (10, -3),
    "": (10, 0),
    "k": (10, 3),
    "M": (10, 6),
    "G": (10, 9),
    "T": (10, 12),
    "P": (10, 15),
    "E": (10, 18),
    "Ki": (2, 10),
    "Mi": (2, 20),
    "Gi": (2, 30),
    "Ti": (2, 40),
    "Pi": (2, 50),
    "Ei": (2, 60),
}


def value(quantity: str) -> Decimal:
    """`250m` is 0.25, `1Ki` is 1024; ValueError for what is no quantity."""
    from decimal import Decimal

    number = quantity.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    suffix = quantity[len(number) :]
    whole, _, part = number.partition(".")
    if suffix not in SUFFIXES or not (whole + part).isdecimal() or not number.isascii():
        raise ValueError(f"'{quantity}' is not a quantity")
    base, exponent = SUFFIXES[suffix]
    return Decimal(number) * Decimal(base) ** exponent


def limits_below_requests(
    environment: Environment, resources: Path, rule: str
) -> Iterator[Finding]:
    """A finding for each limit of the `resources` section that is below its request."""
    keys = tuple(str(key) for key in resources)
    requests = environment.get(*keys, "requests", default={})
    limits = environment.get(*keys, "limits", default={})
    for name in sorted(requests.keys() & limits.keys()):
        request, limit = requests[name], limits[name]
        if request is None or limit is None or value(limit) >= value(request):
            continue
        written = environment.position((*resources, "requests", name))
        yield environment.finding(
            rule,
            (*resources, "limits", name),
            f"'{limit}' is below the request '{request}' ({written}); "
            "raise the limit or lower the request",
        )
