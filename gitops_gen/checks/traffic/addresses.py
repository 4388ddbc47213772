"""Sets of IP addresses, in the notation of an ipBlock: an address range without other ranges."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_network

from gitops_gen.checks.truth import Truth
from gitops_gen.model import Values
from gitops_gen.objects.plain import as_list

Interval = tuple[int, int, int]
"""The version of IP, and the first and the last address as numbers."""

ANYWHERE = ("0.0.0.0/0", "::/0")


@dataclass(frozen=True)
class Addresses:
    """A set of addresses as intervals that do not overlap."""

    intervals: tuple[Interval, ...] = ()

    @classmethod
    def of(cls, cidrs: Iterable[object], excluded: Iterable[object] = ()) -> Addresses:
        """Ranges that are not valid are left out, because the API server refuses them."""
        found = cls(tuple(one for cidr in cidrs for one in _interval(cidr)))
        return found.without(cls(tuple(one for cidr in excluded for one in _interval(cidr))))

    @classmethod
    def of_block(cls, block: Values) -> Addresses:
        """The addresses of an ipBlock."""
        return cls.of([block.get("cidr")], as_list(block.get("except")))

    def without(self, removed: Addresses) -> Addresses:
        left = list(self.intervals)
        for cut in removed.intervals:
            left = [part for one in left for part in _cut(one, cut)]
        return Addresses(tuple(left))

    def are_in(self, outer: Addresses) -> Truth:
        """UNKNOWN means that some of the addresses are in the other set."""
        left = self.without(outer)
        if not left.intervals:
            return Truth.YES if self.intervals else Truth.UNKNOWN
        return Truth.NO if sorted(left.intervals) == sorted(self.intervals) else Truth.UNKNOWN

    def joined(self, added: Addresses) -> Addresses:
        return Addresses((*self.intervals, *added.without(self).intervals))


def _interval(cidr: object) -> list[Interval]:
    try:
        network = ip_network(str(cidr), strict=False)
    except ValueError:
        return []
    return [(network.version, int(network[0]), int(network[-1]))]


def _cut(interval: Interval, cut: Interval) -> list[Interval]:
    version, first, last = interval
    if version != cut[0] or cut[2] < first or last < cut[1]:
        return [interval]
    parts = [(version, first, cut[1] - 1), (version, cut[2] + 1, last)]
    return [part for part in parts if part[1] <= part[2]]
