"""To become known: register, confirm, sign in and out, a new password."""
