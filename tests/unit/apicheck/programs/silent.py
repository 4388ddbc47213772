"""Reads its input and writes no answer."""

import sys

for _ in sys.stdin:
    pass
