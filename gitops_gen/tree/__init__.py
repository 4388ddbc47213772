"""The only package that writes to a repository.

The `Output` of an environment is compared with the disk (`compare`, which needs only read access)
or written (`write`, which needs the `lock`). Nothing outside the owned folders and `.gitops-gen/`
is changed. `save` writes a file that the user names on the command line.
"""

from gitops_gen.tree._compare import Changes, Output, compare
from gitops_gen.tree._inventory import inventory, read_inventory
from gitops_gen.tree._lock import Locked, lock
from gitops_gen.tree._save import OUTPUT_FILE, save
from gitops_gen.tree._write import put, put_all, replace, replace_all, write

__all__ = [
    "OUTPUT_FILE",
    "Changes",
    "Locked",
    "Output",
    "compare",
    "inventory",
    "lock",
    "put",
    "put_all",
    "read_inventory",
    "replace",
    "replace_all",
    "save",
    "write",
]
