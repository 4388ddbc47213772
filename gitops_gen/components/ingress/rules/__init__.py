"""What the schema of `ingress` cannot say: each module defines `findings(environment)`."""
