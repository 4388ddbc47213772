"""Rules about dependencies that the sync waves do not order."""
