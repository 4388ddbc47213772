"""Which components an environment has, and the wave of each."""
