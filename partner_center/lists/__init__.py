"""The list machine: one way to build list pages (docs/mechanisms/lists.md)."""
