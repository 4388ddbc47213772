"""Rules about quotas, limit ranges and budgets, and the Pods that they affect."""
