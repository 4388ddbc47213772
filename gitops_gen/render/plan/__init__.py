"""Determines the components of an environment and their sync waves."""
