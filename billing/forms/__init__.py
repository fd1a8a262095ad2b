"""Forms of billing, by subject."""
