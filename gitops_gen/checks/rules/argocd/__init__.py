"""Applications that Argo CD cannot sync, or that never become Synced and Healthy."""
