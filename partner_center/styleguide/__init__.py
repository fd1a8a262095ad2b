"""The living style page: every component in every state, for the operator."""
