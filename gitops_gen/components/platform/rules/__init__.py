"""Rules for `platform` that a schema cannot express: modules define `findings(environment)`."""
