"""Graphs of an environment as text."""

from gitops_gen.report.graph.page import page

__all__ = ["page"]
