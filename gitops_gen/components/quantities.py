"""Kubernetes quantities: their numeric value, and limits held against requests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gitops_gen.inputs.wording import show
from gitops_gen.model import Environment, Finding, Path, Related, Rule

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
    environment: Environment, resources: Path, rule: Rule
) -> Iterator[Finding]:
    """A finding for each limit of the `resources` section that is below its request."""
    keys = tuple(str(key) for key in resources)
    requests = environment.get(*keys, "requests", default={})
    limits = environment.get(*keys, "limits", default={})
    for name in sorted(requests.keys() & limits.keys()):
        request, limit = requests[name], limits[name]
        if request is None or limit is None or value(limit) >= value(request):
            continue
        yield _limit_below_request(environment, resources, name, rule)


def _limit_below_request(
    environment: Environment, resources: Path, name: str, rule: Rule
) -> Finding:
    """At the line of the user's: one of the two may be a default."""
    lower, upper = (*resources, "limits", name), (*resources, "requests", name)
    place, related_place, relation = lower, upper, "is below the request"
    if environment.sources[lower].default:
        place, related_place, relation = upper, lower, "is above the limit"
    source = environment.sources[related_place]
    text = (
        f"{show(_at(environment, place))} {relation} {show(_at(environment, related_place))} "
        f"({'the default' if source.default else source.value}); "
        "raise the limit or lower the request"
    )
    related = () if source.default else (Related(source.value, "the other of the two"),)
    return environment.finding(rule, place, text, related=related)


def _at(environment: Environment, path: Path) -> object:
    return environment.get(*(str(key) for key in path))
