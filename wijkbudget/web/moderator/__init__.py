"""For moderators: the queue and the two decisions."""
