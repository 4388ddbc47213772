"""How fast, as ratios: each figure beside plain commands that do the same work, in one run."""
