"""Prints an endless line."""

import sys

while True:
    sys.stdout.write("x" * 1_000_000)
