"""Pure counting: plain values in, an outcome that explains itself out; it imports nothing of ours and no framework."""
