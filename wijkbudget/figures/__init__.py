"""What the rounds of a year amount to."""
