"""Form fields that several apps share."""
