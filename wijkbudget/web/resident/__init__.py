"""For residents: submit, edit and withdraw plans, and like them."""
