"""What the schema of `postgres` cannot say: each module defines `findings(environment)`."""
