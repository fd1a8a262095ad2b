"""Tables of the billing lists."""
