"""The command line, with one module per command; the modules in commands/ are discovered.

A module parses the arguments, calls one function of a lower package and prints its result.
Modules that are slow to import are imported inside the function that needs them, so that
`gitops-gen --help` and a render of files that are up to date start immediately.
"""

from gitops_gen.cli.main import main

__all__ = ["main"]
