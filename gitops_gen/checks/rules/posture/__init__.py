"""Settings that are not suitable for production, as notes for environments of that stage."""
