"""Requests and connections that cannot arrive, and those that nothing declares."""
