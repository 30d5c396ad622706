"""What residents want: plans, photos, likes and the city's decisions about them."""
