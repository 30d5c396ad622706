"""HTTP: one folder for each audience."""
