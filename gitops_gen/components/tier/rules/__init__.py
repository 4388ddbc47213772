"""What a schema cannot say about tiers: each module defines `findings(environment)`."""
