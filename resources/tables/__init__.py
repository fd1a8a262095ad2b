"""Tables of the resources app."""
