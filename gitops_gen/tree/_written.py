"""Records of the generated files that renders on this machine wrote, one record per output.

The inventory is a committed file. If Git restores an older inventory (`git checkout .`), but leaves
new generated files on the disk because it never tracked them, the inventory does not list them. The
record still does, so that the next render removes them. A file counts only with its content: if it
was changed by hand, it belongs to the user.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import blake2b

from gitops_gen.model import Tree
from gitops_gen.tree._root import RootFolder, failing

RECORDS = ".gitops-gen/records"


def _record(inventory: str) -> str:
    """The path of the record of the output with this inventory."""
    return f"{RECORDS}/{digest(inventory.encode(errors='surrogateescape'))}"


def digest(content: bytes) -> str:
    return blake2b(content, digest_size=20).hexdigest()


def read_record(root: RootFolder, inventory: str) -> dict[str, str]:
    """Returns the digests by path. Lines that cannot be parsed are ignored."""
    path = _record(inventory)
    with suppress(OSError, UnicodeDecodeError):
        if root.is_file(path):
            lines = (line.partition(" ") for line in root.read(path).decode().splitlines())
            return {path: text for text, _, path in lines if path}
    return {}


def write_record(root: RootFolder, inventory: str, entries: Mapping[str, str]) -> None:
    """Replaces the record."""
    text = "".join(f"{text} {path}\n" for path, text in sorted(entries.items()))
    path = _record(inventory)
    temporary = f"{path}.new"
    with failing("write", path):
        with suppress(FileExistsError):
            root.mkdir(RECORDS)
        with suppress(FileNotFoundError):
            root.unlink(temporary)
        root.create(temporary, text.encode(errors="surrogateescape"))
        root.rename(temporary, path)


def entries_of(tree: Tree) -> dict[str, str]:
    return {path: digest(content) for path, content in tree.items()}


def written_here(root: RootFolder, record: Mapping[str, str], paths: Iterable[str]) -> set[str]:
    """Returns those of the paths that still have the content that a render on this machine wrote.

    Files that cannot be read do not count.
    """
    found: set[str] = set()
    for path in paths:
        expected = record.get(path)
        with suppress(OSError):
            if expected is not None and digest(root.read(path)) == expected:
                found.add(path)
    return found
