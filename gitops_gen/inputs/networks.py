"""Address ranges: the rules that a pattern cannot state."""

from __future__ import annotations

CIDR = "cidr"
"""The `format` of an address range in the schema."""


def network_problem(text: str) -> str | None:
    """What is wrong with an address range in CIDR form, if anything."""
    if _is_ipv4_network(text):
        return None
    from ipaddress import ip_address, ip_network

    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return "is no address range"
    if ip_address(text.partition("/")[0]) != network.network_address:
        return f"is an address within a network; the network is {network}"
    return None


def _is_ipv4_network(text: str) -> bool:
    """Most ranges are: to import ipaddress takes longer than to check all of them here."""
    address, _, prefix = text.partition("/")
    numbers = [int(part) for part in address.split(".") if part.isdecimal() and len(part) < 4]
    canonical = f"{'.'.join(map(str, numbers))}/{prefix}" == text and len(numbers) == 4
    if not canonical or max(numbers) > 255 or prefix not in _IPV4_PREFIXES:
        return False
    return int.from_bytes(numbers, "big") % (1 << 32 - int(prefix)) == 0


_IPV4_PREFIXES = frozenset(map(str, range(33)))
