"""Rules for `postgres` that a schema cannot express: modules define `findings(environment)`."""
