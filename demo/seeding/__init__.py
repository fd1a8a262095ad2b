"""What the demo world holds beyond its accounts, one module a subject."""
