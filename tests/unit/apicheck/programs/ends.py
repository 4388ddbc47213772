"""Ends at once, with a reason."""

import sys

sys.exit("no memory for the tables\nsecond line")
