"""The command `init`: creates a new repository from the files in `files/`.

scaffold(folder, name) -> the written paths, and remarks about them

| module | purpose |
|---|---|
| `scaffold` | the entry: which files are written, and which exist already |
| `clone` | the URL, the branch and the root folder of the clone that contains the folder |
| `remote_url` | the URL of a remote for Argo CD, without credentials |
| `installation` | the version of gitops-gen, for CI and pre-commit |
| `settings_of_tools` | files that other tools read in the root folder of the clone |
| `fill` | the variables in the files |
"""

from gitops_gen.scaffold.scaffold import scaffold

__all__ = ["scaffold"]
