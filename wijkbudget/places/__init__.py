"""Where people live: districts (stadsdelen), neighbourhoods (wijken) and postcodes."""
