"""What happens at or after a moment."""
