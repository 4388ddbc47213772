"""Workloads, permissions and exposure that weaken the security of the cluster."""
