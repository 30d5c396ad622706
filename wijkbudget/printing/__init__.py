"""Letters on paper, ready for a print shop."""
