"""Tables of the orders app."""
