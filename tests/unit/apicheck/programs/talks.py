"""Is another program: it prints what nobody asked for."""

print("Usage: ls [OPTION]... [FILE]...", flush=True)
