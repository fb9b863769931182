"""Evidence -> score: readable features, an ordinal model that only moves the right way, and why."""
