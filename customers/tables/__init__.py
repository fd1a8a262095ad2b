"""Tables of the customers app, one module a subject."""
