"""Invented articles and threads by the million, for measuring how the site grows."""
