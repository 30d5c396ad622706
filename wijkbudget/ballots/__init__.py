"""How a vote is cast, kept sealed, and opened after closing."""
