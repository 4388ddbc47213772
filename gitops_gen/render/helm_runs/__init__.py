"""What Helm is run on, and the runs themselves."""
