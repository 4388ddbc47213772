"""What the schema of `acme-cache` cannot say."""
