"""The browser of the machine, in which tests open HTML pages. None is downloaded."""

from __future__ import annotations

from shutil import which

CHROMIUM = next(filter(None, map(which, ("chromium", "google-chrome", "chrome"))), "")
WITHOUT_CHROMIUM = "Chromium is not installed"
"""The reason of skipped tests, which conftest.py reports together in one line."""
