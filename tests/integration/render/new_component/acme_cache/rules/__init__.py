"""Rules for `acme-cache` that a schema cannot express."""
