"""Rules for `ingress` that a schema cannot express: modules define `findings(environment)`."""
