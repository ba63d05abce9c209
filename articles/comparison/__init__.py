"""Compares two versions of an article: the text by blocks and words, and the fields."""
