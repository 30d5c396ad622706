"""Who takes part: persons, their roles and their sign-ins."""
