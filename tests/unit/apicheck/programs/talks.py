"""Is another program: it prints a line that is not an answer."""

print("Usage: ls [OPTION]... [FILE]...", flush=True)
