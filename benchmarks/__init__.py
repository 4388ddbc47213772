"""Benchmarks: the time of gitops-gen relative to plain commands that do the same work."""
