"""A whole repository: which environments are stale, what is written or compared."""
