"""Generates postgresql.conf and pg_hba.conf."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.components import quantities
from gitops_gen.model import Values

if TYPE_CHECKING:
    from decimal import Decimal

FOLDER = "/etc/postgresql"

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


def configuration(section: Values) -> str:
    """Returns postgresql.conf, sorted by name."""
    settings = {
        **_memory(section.get("resources", {})),
        "log_timezone": "UTC",
        "password_encryption": "scram-sha-256",
        "timezone": "UTC",
        **section.get("parameters", {}),
        "hba_file": f"{FOLDER}/pg_hba.conf",
        "listen_addresses": "*",
        "port": section["port"],
        "unix_socket_directories": "/var/run/postgresql",
    }
    return "\n".join(f"{name} = {_value(settings[name])}" for name in sorted(settings))


def host_based_authentication() -> str:
    """Returns pg_hba.conf, of which Postgres uses the first line that matches a connection."""
    lines = (
        # The socket is accessible only in the container, which also has access to the data files.
        ("local", "all", "all", "", "trust"),
        ("host", "all", "postgres", "all", "reject"),
        ("host", "all", "all", "all", "scram-sha-256"),
    )
    return "\n".join(" ".join(part for part in line if part) for line in lines)


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
