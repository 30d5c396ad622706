"""What is compared all the time, so that a vote that went wrong is noticed within minutes."""
