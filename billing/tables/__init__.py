"""Tables of billing, one module a subject."""
