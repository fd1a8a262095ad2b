"""Use cases of real-name authentication, one module a subject."""
