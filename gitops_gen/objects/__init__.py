"""Kubernetes objects: their identity, their fields and comparison, and the reader of a tree."""
