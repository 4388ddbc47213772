"""Rules for address ranges that a pattern cannot express."""

from __future__ import annotations

CIDR = "cidr"
"""The `format` of an address range in the schema."""


def network_problem(text: str) -> str | None:
    """Returns the problem with an address range in CIDR form; None if it is valid."""
    if _is_ipv4_network(text):
        return None
    from ipaddress import ip_address, ip_network

    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return "is not an address range"
    if ip_address(text.partition("/")[0]) != network.network_address:
        return f"is an address in a network; the address range of the network is {network}"
    return None


def _is_ipv4_network(text: str) -> bool:
    """Whether a range is IPv4, like most. Avoids the import of ipaddress, which is slow."""
    address, _, prefix = text.partition("/")
    numbers = [int(part) for part in address.split(".") if part.isdecimal() and len(part) < 4]
    canonical = f"{'.'.join(map(str, numbers))}/{prefix}" == text and len(numbers) == 4
    if not canonical or max(numbers) > 255 or prefix not in _IPV4_PREFIXES:
        return False
    return int.from_bytes(numbers, "big") % (1 << 32 - int(prefix)) == 0


_IPV4_PREFIXES = frozenset(map(str, range(33)))
