"""The files of upstream charts in a repository."""

UPSTREAM = "charts/upstream"
PINS_FILE = f"{UPSTREAM}/Chart.yaml"
LOCK_FILE = f"{UPSTREAM}/charts.lock"
VENDOR = f"{UPSTREAM}/vendor"
"""The folder for archives, for teams that keep them in Git."""
