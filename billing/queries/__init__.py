"""What the billing app reads."""
