"""What the count came to, and its publication."""
