"""`init`: a new repository, from the files in `files/`.

scaffold(folder, name) -> the paths written
"""

from gitops_gen.scaffold.scaffold import scaffold

__all__ = ["scaffold"]
