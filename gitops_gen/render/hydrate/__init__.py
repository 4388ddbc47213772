"""Helm output to one object a file, checked and annotated."""
