"""Sets of IP addresses, in the notation of an ipBlock: an address range without other ranges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    """A set of addresses as sorted intervals that neither overlap nor touch.

    A policy may contain many ranges, so no operation compares every interval with every other one.
    """

    intervals: tuple[Interval, ...] = ()

    @classmethod
    def of(cls, cidrs: Iterable[object], excluded: Iterable[object] = ()) -> Addresses:
        """Ranges that are not valid are left out, because the API server refuses them."""
        return _of_cidrs(cidrs).without(_of_cidrs(excluded))

    @classmethod
    def of_block(cls, block: Values) -> Addresses:
        """The addresses of an ipBlock."""
        return cls.of([block.get("cidr")], as_list(block.get("except")))

    @classmethod
    def joined(cls, sets: Iterable[Addresses]) -> Addresses:
        """The addresses that are in at least one of the sets."""
        return cls(_merged(one for item in sets for one in item.intervals))

    def without(self, removed: Addresses) -> Addresses:
        return Addresses(tuple(_left(self.intervals, removed.intervals)))

    def are_in(self, outer: Addresses) -> Truth:
        """UNKNOWN means that some of the addresses are in the other set."""
        left = self.without(outer)
        if not left.intervals:
            return Truth.YES if self.intervals else Truth.UNKNOWN
        return Truth.NO if left == self else Truth.UNKNOWN


def _of_cidrs(cidrs: Iterable[object]) -> Addresses:
    return Addresses(_merged(one for cidr in cidrs for one in _interval(cidr)))


def _interval(cidr: object) -> list[Interval]:
    try:
        network = ip_network(str(cidr), strict=False)
    except ValueError:
        return []
    return [(network.version, int(network[0]), int(network[-1]))]


def _merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same addresses as sorted intervals that neither overlap nor touch."""
    found: list[Interval] = []
    for version, first, last in sorted(intervals):
        if found and found[-1][0] == version and first <= found[-1][2] + 1:
            version, first, before = found.pop()
            last = max(before, last)
        found.append((version, first, last))
    return tuple(found)


def _left(intervals: Iterable[Interval], removed: Iterable[Interval]) -> Iterator[Interval]:
    """Yields the parts of sorted intervals that are in none of the removed ones."""
    cuts = iter(removed)
    cut = next(cuts, None)
    for version, first, last in intervals:
        while cut is not None and cut[:2] <= (version, last):
            if cut[0] == version and first <= cut[2]:
                if first < cut[1]:
                    yield version, first, cut[1] - 1
                first = cut[2] + 1
                if first > last:
                    break  # The cut may continue in the next interval.
            cut = next(cuts, None)
        if first <= last:
            yield version, first, last
