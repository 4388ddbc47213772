"""Finds, starts, monitors and stops the programs of a rehearsal, isolated from other processes.

The modules of this package do not depend on rendered files, revisions and results.
"""
