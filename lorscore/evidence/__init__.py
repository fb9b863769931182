"""Sentences -> evidence: phrase rules, assertion cues, the sentence model, and facts."""
