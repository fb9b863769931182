"""Labelled letters -> a scorer, and the figures that say how good it is."""
