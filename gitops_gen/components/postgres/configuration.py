"""The settings of postgresql.conf."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.components import quantities
from gitops_gen.model import Values

if TYPE_CHECKING:
    from decimal import Decimal

OWNED = frozenset(
    {
        "config_file",
        "data_directory",
        "external_pid_file",
        "hba_file",
        "ident_file",
        "listen_addresses",
        "port",
        "unix_socket_directories",
    }
)
"""Settings that the StatefulSet, its probes and its Services rely on."""

MIB = 1024 * 1024


def settings(section: Values) -> dict[str, str]:
    """Returns the settings of postgresql.conf with their values in its syntax, by name. The chart
    adds those in OWNED."""
    written = {
        **_memory(section.get("resources", {})),
        "log_timezone": "UTC",
        "password_encryption": "scram-sha-256",
        "timezone": "UTC",
        **section.get("parameters", {}),
    }
    return {name: _value(written[name]) for name in sorted(written)}


def _memory(resources: Values) -> Values:
    """Returns the memory settings: one quarter for shared_buffers; Postgres also uses the page
    cache."""
    memory = memory_amount(resources)
    if memory is None:
        return {}
    return {
        "shared_buffers": f"{int(memory / 4) // MIB}MB",
        "effective_cache_size": f"{int(memory * 3 / 4) // MIB}MB",
        "maintenance_work_mem": f"{max(int(memory / 16) // MIB, 16)}MB",
    }


def memory_amount(resources: Values) -> Decimal | None:
    """Returns the memory of the container in bytes: its limit, or else its request."""
    for kind in ("limits", "requests"):
        quantity = resources.get(kind, {}).get("memory")
        if quantity is not None:
            return quantities.value(quantity)
    return None


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, (int, float)):
        return str(value)
    text = str(value).replace("\\", "\\\\").replace("'", "''")
    return f"'{text}'"
