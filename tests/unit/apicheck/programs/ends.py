"""Prints a reason to standard error and ends."""

import sys

sys.exit("no memory for the tables\nsecond line")
