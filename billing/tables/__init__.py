"""Tables of billing, by list."""
