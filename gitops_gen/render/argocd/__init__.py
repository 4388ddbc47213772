"""Applications and AppProjects."""
