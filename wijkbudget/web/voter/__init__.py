"""For voters: from the code in the letter to the receipt."""
