"""Many letters: a folder in, a table out, and nothing lost on the way."""
