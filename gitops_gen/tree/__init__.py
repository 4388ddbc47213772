"""The only package that writes repository files.

An environment's `Output` is compared with the disk (`compare`, read access is enough) or written
(`write`, under the `lock`). Nothing outside the owned folders and `.gitops-gen/` is ever touched.
`save` is for the one file, inside the repository or outside, that a user names on a command line.
"""

from gitops_gen.tree._compare import Changes, Output, compare
from gitops_gen.tree._inventory import inventory, read_inventory
from gitops_gen.tree._lock import Locked, lock
from gitops_gen.tree._save import OUTPUT_FILE, save
from gitops_gen.tree._write import put, replace, write

__all__ = [
    "OUTPUT_FILE",
    "Changes",
    "Locked",
    "Output",
    "compare",
    "inventory",
    "lock",
    "put",
    "read_inventory",
    "replace",
    "save",
    "write",
]
