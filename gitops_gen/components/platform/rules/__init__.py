"""What the schema of `platform` cannot say: each module defines `findings(environment)`."""
