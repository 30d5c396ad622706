"""For whoever develops: the mail that was sent. Absent in production."""
