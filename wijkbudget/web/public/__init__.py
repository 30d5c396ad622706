"""For everybody: wijken, rounds, plans and results."""
