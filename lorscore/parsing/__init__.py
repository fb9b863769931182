"""Letter text -> sentences with zones, every offset traceable to the text that was passed in."""
