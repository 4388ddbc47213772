"""Renders a repository: finds the outdated environments, and writes or compares their files."""
