"""Rules for tiers that a schema cannot express: each module defines `findings(environment)`."""
