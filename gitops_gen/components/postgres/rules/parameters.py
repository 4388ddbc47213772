"""Rules for the parameters in postgresql.conf of a database in the cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gitops_gen.components import quantities
from gitops_gen.components.postgres import server_settings
from gitops_gen.components.postgres.configuration import OWNED, memory_amount
from gitops_gen.components.postgres.facts import NAME, Database
from gitops_gen.components.postgres.server_settings import Setting
from gitops_gen.inputs.wording import did_you_mean, show
from gitops_gen.model import Environment, Finding, Rule

UNKNOWN = Rule(
    "postgres-parameter-unknown",
    title="The version of Postgres has each parameter",
    why="Postgres does not start if postgresql.conf contains a parameter that it does not have.",
    remedy="Correct the name, or remove the parameter. Parameters of extensions contain a dot.",
)
VALUE = Rule(
    "postgres-parameter-value",
    title="The version of Postgres accepts the value of each parameter",
    why="Postgres does not start if it refuses a value, and the only database of the environment "
    "would restart again and again.",
    remedy="Write a value of the type, the unit and the range that the message states.",
)
CONTRADICTION = Rule(
    "postgres-parameter-contradiction",
    title="Parameters do not contradict each other or the container",
    why="Each value is valid, but Postgres does not start with both, or with a container of this "
    "size.",
    remedy="Change one of the two, as the message states.",
)
PARAMETER_OWNED = Rule(
    "postgres-parameter-owned",
    title="Parameters that gitops-gen sets are not changed",
    why="The StatefulSet, its probes and its Services rely on these parameters.",
    remedy="Remove the parameter from `postgres.parameters`.",
)
_WAL_SEGMENT = "--wal-segsize="


def findings(environment: Environment) -> Iterator[Finding]:
    if environment.enabled(NAME) and not (database := Database(environment)).external:
        yield from _owned(database)
        yield from _parameters(database)
        if not tuple(_parameters(database)):
            yield from _contradictions(database)


def _owned(database: Database) -> Iterator[Finding]:
    for name in sorted(OWNED & database.section.get("parameters", {}).keys()):
        text = "gitops-gen sets it, because probes and Services rely on it; remove it"
        path = (NAME, "parameters", name)
        yield database.environment.finding(PARAMETER_OWNED, path, text, key=True)


def _parameters(database: Database) -> Iterator[Finding]:
    environment, parameters = database.environment, database.section.get("parameters", {})
    major = server_settings.major_of(database.section["image"])
    for name in sorted(parameters.keys() - OWNED):
        path = (NAME, "parameters", name)
        # Extensions define parameters whose names contain a dot.
        if not environment.written(*path) or "." in name:
            continue
        found = _settings(name, major)
        if not found:
            if text := _unknown(name, major):
                yield environment.finding(UNKNOWN, path, text, key=True)
        elif problem := _problem(found, parameters[name]):
            yield environment.finding(VALUE, path, f"{show(parameters[name])} {problem}")


def _candidates(major: int | None) -> tuple[int, ...]:
    """Returns the supported major versions that the image may contain."""
    supported = server_settings.majors()
    return (major,) if major in supported else supported


def _settings(name: str, major: int | None) -> list[Setting]:
    found = (server_settings.setting(name, one) for one in _candidates(major))
    return [setting for setting in found if setting is not None]


def _problem(found: Iterable[Setting], value: object) -> str | None:
    """Returns the problem in the newest version, if every version refuses the value."""
    text = server_settings.written(value)
    problems = [setting.problem(text) for setting in found]
    return problems[-1] if all(problems) else None


def _unknown(name: str, major: int | None) -> str | None:
    """Returns the message about an unknown name; None if a newer version may have it."""
    supported = server_settings.majors()
    if major is not None and major not in supported:
        return None
    newest = supported[-1] if major is None else major
    version = "Postgres" if major is None else f"Postgres {major}"
    hint = did_you_mean(name, server_settings.names(newest))
    return f"{version} has no such parameter; correct the name or remove it{hint}"


def _contradictions(database: Database) -> Iterator[Finding]:
    yield from _wal(database)
    yield from _connections(database)
    yield from _memory(database)
    yield from _unavailable(database)


def _text(database: Database, name: str, default: str) -> str:
    value = database.section.get("parameters", {}).get(name)
    return default if value is None else server_settings.written(value).lower()


def amount(database: Database, name: str, default: float) -> float:
    """Returns a number in the parameter's own unit."""
    found = _settings(name, server_settings.major_of(database.section["image"]))
    value = database.section.get("parameters", {}).get(name)
    number = (
        None if value is None or not found else found[-1].amount(server_settings.written(value))
    )
    return default if number is None else number


def _finding(database: Database, name: str, text: str) -> Finding:
    return database.environment.finding(CONTRADICTION, (NAME, "parameters", name), text)


def _is_set(database: Database, name: str) -> bool:
    return database.environment.written(NAME, "parameters", name)


def _wal(database: Database) -> Iterator[Finding]:
    if _text(database, "wal_level", "replica") == "minimal":
        if amount(database, "max_wal_senders", 10) > 0:
            text = "'minimal' requires max_wal_senders: 0; set it, or use replica"
            yield _finding(database, "wal_level", text)
        for name in ("archive_mode", "summarize_wal"):
            if _text(database, name, "off") not in ("off", "false", "no", "0"):
                text = f"requires wal_level replica or logical, not minimal; turn off {name}"
                yield _finding(database, name, text)
    smallest = 2 * _segment_megabytes(database)
    if _is_set(database, "min_wal_size") and amount(database, "min_wal_size", 80) < smallest:
        text = f"must be at least two WAL segments; write {smallest}MB or more"
        yield _finding(database, "min_wal_size", text)
    if _is_set(database, "max_wal_size") and amount(database, "max_wal_size", 1024) < smallest:
        text = f"must be at least two WAL segments; write {smallest}MB or more"
        yield _finding(database, "max_wal_size", text)


def _segment_megabytes(database: Database) -> int:
    options = database.section.get("initdbArgs", ())
    sizes = [o.removeprefix(_WAL_SEGMENT) for o in options if o.startswith(_WAL_SEGMENT)]
    return int(sizes[-1]) if sizes and sizes[-1].isdecimal() else 16


def _connections(database: Database) -> Iterator[Finding]:
    reserved = ("superuser_reserved_connections", "reserved_connections")
    total = amount(database, reserved[0], 3) + amount(database, reserved[1], 0)
    most = amount(database, "max_connections", 100)
    if total >= most:
        names = ["max_connections", *reserved]
        name = next(name for name in names if _is_set(database, name))
        text = (
            f"max_connections ({most:g}) is not above the reserved connections ({total:g}); "
            "increase max_connections"
        )
        yield _finding(database, name, text)


def _memory(database: Database) -> Iterator[Finding]:
    memory = memory_amount(database.section.get("resources", {}))
    buffers = amount(database, "shared_buffers", 0) * 8192
    if memory is not None and buffers >= memory:
        limit = show(quantities.of_bytes(memory))
        text = (
            f"is not below the memory of the container ({limit}), so the kernel would kill "
            "Postgres; write a quarter of the memory, or remove it"
        )
        yield _finding(database, "shared_buffers", text)


def _unavailable(database: Database) -> Iterator[Finding]:
    """Yields findings for parameters that need something that the Pod does not have."""
    if _text(database, "huge_pages", "try") in ("on", "true", "yes", "1"):
        text = "the Pod has no huge pages, so Postgres would not start; write try"
        yield _finding(database, "huge_pages", text)
    certificate = all(_is_set(database, f"ssl_{name}_file") for name in ("cert", "key"))
    if _text(database, "ssl", "off") in ("on", "true", "yes", "1") and not certificate:
        text = (
            "the volume contains no server.crt and server.key, so Postgres would not start; "
            "remove it, or set ssl_cert_file and ssl_key_file to files of your image"
        )
        yield _finding(database, "ssl", text)
