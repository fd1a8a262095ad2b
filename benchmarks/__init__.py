"""What the portal must be able to do, measured; see README.md in this folder."""
