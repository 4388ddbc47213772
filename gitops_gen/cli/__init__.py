"""The command line: one module a command, found in the folder commands/.

A module parses, calls one function of a package below and prints its result. It imports
what is heavy inside the function that needs it: `gitops-gen --help` and a render with nothing
to do must start at once.
"""

from gitops_gen.cli.main import main

__all__ = ["main"]
