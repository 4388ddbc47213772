"""Prepares the input of Helm and runs it."""
