"""Organization > Member Management (02 §3.1): users, roles, customer contacts."""
