"""The command `init`: creates a new repository from the files in `files/`.

scaffold(folder, name) -> the written paths
"""

from gitops_gen.scaffold.scaffold import scaffold

__all__ = ["scaffold"]
