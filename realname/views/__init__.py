"""Pages of real-name authentication."""
