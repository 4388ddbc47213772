"""Kubernetes objects as gitops-gen names, reads and compares them."""
