"""For officials: rounds, codes, turnout and publication."""
