"""The demonstration city: people, rounds, plans and votes that we made up."""
