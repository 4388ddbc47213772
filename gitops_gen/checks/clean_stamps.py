"""Stamps of environments whose check found nothing.

As in `render.write.up_to_date`, a stamp is a digest of file metadata. Besides the inputs and the
outputs of a render, it covers the program apicheck and what all environments share: the names of
the values files, and values/schema.json. An environment with a finding, an excuse, or an object
that apicheck failed to judge has no stamp.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from gitops_gen.inputs.files import SCHEMA
from gitops_gen.model import NotChecked, ObjectCounts
from gitops_gen.render.write import up_to_date
from gitops_gen.render.write.up_to_date import Digest

STAMPS = ".gitops-gen/checked"
PROGRAM = "GITOPS_GEN_APICHECK"
_SOURCES = os.path.join(up_to_date.PACKAGE, "apicheck", "sources")


@dataclass(frozen=True, slots=True)
class CleanStamp:
    """The state of an environment when its check found nothing."""

    digest: str
    program: str
    """The path of apicheck."""
    further_inputs: tuple[str, ...]
    """The files of the groups and the folders of the repository charts."""
    counts: ObjectCounts


class CleanDigests:
    """The digests of the environments of a repository."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._shared = cache(self._shared_digest)

    def of(self, name: str, program: str, further_inputs: Sequence[str]) -> Digest:
        inputs = up_to_date.inputs_digest(self._root, name, self._shared(program))
        all_inputs = up_to_date.further_digest(self._root, further_inputs, inputs)
        return up_to_date.inputs_and_outputs_digest(self._root, name, all_inputs)

    def _shared_digest(self, program: str) -> Digest:
        seed = "\n".join([os.environ.get(PROGRAM, ""), program, *_names_of_values(self._root)])
        # In a checkout of gitops-gen, the sources are outside of the package.
        sources = [os.path.realpath(_SOURCES)] if os.path.islink(_SOURCES) else []
        paths = [program, os.path.join(self._root, SCHEMA), *sources]
        return up_to_date.extended_digest(up_to_date.package_digest(), seed, paths)


def _names_of_values(root: str) -> list[str]:
    """Returns the paths of all files and folders in values/, of which unused ones are reported."""
    walk = os.walk(os.path.join(root, "values"))
    return sorted(
        os.path.join(folder, name) for folder, inner, names in walk for name in (*inner, *names)
    )


def valid_stamps(root: str, names: Iterable[str]) -> dict[str, CleanStamp]:
    """Returns the stamps of the environments that did not change."""
    stamps, digests = read_stamps(root), CleanDigests(root)
    return {
        name: stamp
        for name in names
        if (stamp := stamps.get(name))
        and digests.of(name, stamp.program, stamp.further_inputs).text == stamp.digest
    }


def read_stamps(root: str) -> dict[str, CleanStamp]:
    """Returns all stamps. Lines that cannot be parsed are ignored."""
    text = up_to_date.read_text(os.path.join(root, STAMPS))
    stamps = (_parsed(line) for line in text.splitlines())
    return {stamp.counts.environment: stamp for stamp in stamps if stamp}


def write_stamps(root: str, stamps: Mapping[str, CleanStamp], newest: int) -> None:
    """Writes the stamps, as `render.write.up_to_date.write_later` does."""
    lines = (json.dumps(asdict(stamp)) for _, stamp in sorted(stamps.items()))
    text = "".join(f"{line}\n" for line in lines)
    up_to_date.write_later(os.path.join(root, STAMPS), text, newest)


def _parsed(line: str) -> CleanStamp | None:
    try:
        return _stamp(**json.loads(line))
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return None


def _stamp(
    digest: str, program: str, further_inputs: list[str], counts: dict[str, Any]
) -> CleanStamp:
    """Converts a stamp from JSON. Raises the exceptions that `_parsed` expects."""
    name, holds, notes = str(counts["environment"]), int(counts["holds"]), counts["notes"]
    objects = ObjectCounts(
        name,
        holds,
        not_checked=_parts(counts["not_checked"]),
        notes=tuple(map(str, notes)),
        not_determined=_parts(counts["not_determined"]),
    )
    return CleanStamp(str(digest), str(program), tuple(map(str, further_inputs)), objects)


def _parts(items: list[dict[str, Any]]) -> tuple[NotChecked, ...]:
    return tuple(
        NotChecked(str(one["kind"]), int(one["count"]), str(one["reason"])) for one in items
    )
