"""Parts of the demo world, one module a subject."""
