"""The effects of changes that were observed before, in memory and in .gitops-gen/provenance.

A file contains paths of fields and no values. Its name is a digest of everything that a render
depends on: the merged values, and the metadata of the package, of Helm and of the repository
charts. As for the stamps, this metadata includes inodes and timestamps, so that a file from
another machine or from a commit never matches.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from gitops_gen.errors import InvalidInput
from gitops_gen.helm import Executable
from gitops_gen.model import Environment, ObjectId
from gitops_gen.provenance.comparison import Difference, Effect
from gitops_gen.render.write.up_to_date import further_digest, package_digest

FOLDER = ".gitops-gen/provenance"
MOST_FILES = 8
LARGEST_FILE = 8 << 20

Effects: TypeAlias = tuple[Difference, ...] | InvalidInput


@dataclass
class EffectCache:
    """The effect of an experiment on a part of the output. `path` is empty without a file."""

    path: str = ""
    _found: dict[tuple[str, str], Effects] = field(default_factory=dict)
    _read: int = 0

    @classmethod
    def of(
        cls, root: str, environment: Environment, helm: Executable, charts: Iterable[str]
    ) -> EffectCache:
        """The cache of an environment in a work tree, with what earlier runs observed."""
        metadata = further_digest(root, charts, package_digest()).text
        values = json.dumps(environment.values, sort_keys=True, default=str)
        about = "\n".join([environment.name, metadata, helm.path, helm.version, values])
        digest = hashlib.blake2b(about.encode(errors="surrogateescape"), digest_size=20)
        path = os.path.join(root, FOLDER, f"{digest.hexdigest()}.json")
        found = dict(_entries(_content(path)))
        return cls(path, found, len(found))

    def get(self, experiment: str, part: str) -> Effects | None:
        return self._found.get((_short(experiment), part))

    def put(self, experiment: str, part: str, effects: Iterable[Difference]) -> None:
        self._found[_short(experiment), part] = tuple(sorted(effects, key=_order))

    def refuse(self, experiment: str, part: str, error: InvalidInput) -> None:
        """Records that Helm refuses the experiment. This is not written to the file."""
        self._found[_short(experiment), part] = error

    def write(self) -> None:
        """Writes what was observed. A failure is not an error: the cache only saves time."""
        if self.path and len(self._found) > self._read:
            text = json.dumps({"effects": list(_rows(self._found))}, separators=(",", ":"))
            if len(text) <= LARGEST_FILE:
                with suppress(OSError):
                    _write(self.path, text)
                    _remove_old(os.path.dirname(self.path))


def _short(experiment: str) -> str:
    """A digest, because the changed values of an experiment may be secrets."""
    return hashlib.blake2b(experiment.encode(errors="surrogatepass"), digest_size=12).hexdigest()


def _order(difference: Difference) -> tuple[Any, ...]:
    return difference.object, tuple(map(str, difference.path)), difference.effect


def _rows(found: dict[tuple[str, str], Effects]) -> Iterator[list[Any]]:
    for (experiment, part), effects in found.items():
        if not isinstance(effects, InvalidInput):
            yield [experiment, part, [_row(difference) for difference in effects]]


def _row(difference: Difference) -> list[Any]:
    item = difference.object
    names = (item.group, item.kind, item.namespace, item.name)
    return [*names, list(difference.path), difference.effect.value]


def _entries(text: str) -> Iterator[tuple[tuple[str, str], Effects]]:
    """Yields the entries of a file. A damaged file has none."""
    try:
        rows = json.loads(text)["effects"]
        parsed = [((row[0], row[1]), tuple(map(_difference, row[2]))) for row in rows]
    except (ValueError, LookupError, TypeError, RecursionError):
        return
    yield from parsed


def _difference(row: list[Any]) -> Difference:
    group, kind, namespace, name, path, effect = row
    return Difference(ObjectId(group, kind, namespace, name), tuple(path), Effect(effect))


def _content(path: str) -> str:
    """The text of a regular file of this user; empty for anything else."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(handle, encoding="utf-8") as file:
            status = os.fstat(handle)
            usable = stat.S_ISREG(status.st_mode) and status.st_uid == os.getuid()
            return file.read() if usable and status.st_size <= LARGEST_FILE else ""
    except (OSError, UnicodeDecodeError):
        return ""


def _write(path: str, text: str) -> None:
    """Writes a file completely or not at all. Links are not followed."""
    folder = os.path.dirname(path)
    for one in (os.path.dirname(folder), folder):
        with suppress(FileExistsError):
            os.mkdir(one)
        if os.path.islink(one):
            return
    temporary = f"{path}.{os.getpid()}"
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with open(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(temporary, path)


def _remove_old(folder: str) -> None:
    """Keeps the newest files."""
    with os.scandir(folder) as entries:
        files = sorted(entries, key=lambda entry: entry.stat(follow_symlinks=False).st_mtime_ns)
    for entry in files[:-MOST_FILES]:
        os.unlink(entry.path)
