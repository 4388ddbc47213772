"""What the schema of `cache` cannot say."""
