"""Writes gitops_gen/components/postgres/settings.json from PostgreSQL servers.

    python tools/postgres_settings/update.py FOLDER…

Each FOLDER contains bin/initdb and bin/postgres of one major version, for example
/usr/lib/postgresql/17. The facts are those of the view pg_settings of each server. The view does
not list all words that a server accepts for an enum, so the tool tries the words of CANDIDATES.
The options of initdb are those of its option --help. PostgreSQL does not run as root.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

OUTPUT = Path(__file__).parents[2] / "gitops_gen/components/postgres/settings.json"
SOURCE = "the view pg_settings and initdb --help of PostgreSQL"

QUERY = (
    "COPY (SELECT json_agg(json_build_object('name', name, 'type', vartype, 'unit', unit, "
    "'minimum', min_val, 'maximum', max_val, 'words', enumvals, 'context', context) "
    "ORDER BY name) FROM pg_settings) TO '{file}'"
)
# Words that a server may accept for an enum although pg_settings does not list them.
CANDIDATES = (
    *("on", "off", "true", "false", "yes", "no", "1", "0"),
    *("archive", "hot_standby", "debug", "none"),
)
# Words that depend on the libraries with which a server was built. The official image has them.
OF_LIBRARIES = {
    "default_toast_compression": ["lz4"],
    "io_method": ["io_uring"],
    "wal_compression": ["lz4", "zstd"],
}
FIRST_MAJOR_WITH = {"wal_compression": 15, "default_toast_compression": 14, "io_method": 18}
# The server reports these as settings of a session, and refuses them in a file.
OF_A_TRANSACTION = frozenset(
    {"transaction_deferrable", "transaction_isolation", "transaction_read_only"}
)


def main(folders: Sequence[str]) -> None:
    facts: dict[str, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    versions: dict[int, str] = {}
    initdb: dict[int, dict[str, bool]] = {}
    for folder in map(Path, folders):
        version = _version(folder)
        major = int(version.partition(".")[0])
        versions[major] = version
        initdb[major] = dict(_initdb_options(folder))
        for name, fact in _settings(folder, major):
            facts[name].append((major, fact))
    _write(versions, initdb, facts)


def _version(folder: Path) -> str:
    output = _run([str(folder / "bin/postgres"), "--version"]).stdout
    match = re.search(r"\) ([0-9]+\.[0-9]+)", output)
    assert match is not None, output
    return match.group(1)


def _initdb_options(folder: Path) -> Iterator[tuple[str, bool]]:
    """Yields the long options of initdb, and whether each requires a value."""
    text = _run([str(folder / "bin/initdb"), "--help"]).stdout
    lines = [line for line in text.splitlines() if line.lstrip().startswith("-")]
    for option, value in sorted(set(re.findall(r"(--[a-z-]+)(=?)", "\n".join(lines)))):
        yield option, value == "="


def _settings(folder: Path, major: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields the name and the facts of each setting that a file can contain."""
    with tempfile.TemporaryDirectory() as temporary:
        data, file = Path(temporary, "data"), Path(temporary, "settings.json")
        _run([str(folder / "bin/initdb"), "--no-sync", "--auth=trust", f"--pgdata={data}"])
        server = [str(folder / "bin/postgres"), "--single", "-j", "-D", str(data), "postgres"]
        _run(server, QUERY.format(file=file))
        for setting in json.loads(file.read_text()):
            name = setting.pop("name")
            if setting.pop("context") != "internal" and name not in OF_A_TRANSACTION:
                hidden = _hidden_words(folder, data, name, setting)
                yield name, _compact(setting, hidden, _of_libraries(name, major))


def _hidden_words(folder: Path, data: Path, name: str, setting: dict[str, Any]) -> Iterator[str]:
    for word in CANDIDATES if setting["type"] == "enum" else ():
        option = f"{name}={word}"
        command = [str(folder / "bin/postgres"), "-D", str(data), "-c", option, "-C", name]
        if subprocess.run(command, capture_output=True, check=False).returncode == 0:
            yield word


def _of_libraries(name: str, major: int) -> list[str]:
    return OF_LIBRARIES.get(name, []) if major >= FIRST_MAJOR_WITH.get(name, 0) else []


def _compact(
    setting: dict[str, Any], hidden: Iterator[str], of_libraries: Sequence[str]
) -> dict[str, Any]:
    fact: dict[str, Any] = {"type": setting["type"]}
    if setting["unit"] is not None:
        fact["unit"] = setting["unit"]
    number = {"integer": int, "real": float}.get(setting["type"])
    for bound in ("minimum", "maximum"):
        if number is not None:
            fact[bound] = number(setting[bound])
    if setting["type"] == "enum":
        fact["words"] = setting["words"] + [w for w in of_libraries if w not in setting["words"]]
        fact["alsoAccepted"] = [word for word in hidden if word not in fact["words"]]
    return fact


def _write(
    versions: dict[int, str],
    initdb: dict[int, dict[str, bool]],
    facts: dict[str, list[tuple[int, dict[str, Any]]]],
) -> None:
    """Writes one line for each setting and each range of major versions with equal facts."""
    settings = {name: list(_ranges(found)) for name, found in sorted(facts.items())}
    lines = [f"    {json.dumps(name)}: {json.dumps(found)}" for name, found in settings.items()]
    options = [f"    {json.dumps(str(major))}: {json.dumps(initdb[major])}" for major in initdb]
    document = (
        f'{{\n  "source": {json.dumps(SOURCE)},\n'
        f'  "versions": {json.dumps(dict(sorted(versions.items())))},\n'
        '  "initdb": {\n' + ",\n".join(options) + "\n  },\n"
        '  "settings": {\n' + ",\n".join(lines) + "\n  }\n}\n"
    )
    OUTPUT.write_text(document)


def _ranges(found: Sequence[tuple[int, dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    current: dict[str, Any] | None = None
    for major, fact in sorted(found, key=lambda item: item[0]):
        same = current is not None and current["to"] == major - 1
        if current is not None and same and _facts(current) == fact:
            current["to"] = major
            continue
        if current is not None:
            yield current
        current = {"from": major, "to": major, **fact}
    if current is not None:
        yield current


def _facts(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key not in ("from", "to")}


def _run(command: Sequence[str], text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
