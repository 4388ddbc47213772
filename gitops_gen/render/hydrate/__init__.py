"""Hydration: splits the output of Helm into one file per object, checked and annotated."""
