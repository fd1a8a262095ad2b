"""Forms of billing."""
