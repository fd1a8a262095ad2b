"""What the billing app writes."""
