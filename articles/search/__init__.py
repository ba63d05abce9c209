"""The search: one analysis of texts, two databases that keep what it finds.

It knows entries only: a kind of thing, the key of one of them, its title, its text and its date.
Whether a thing may be seen is asked of the thing, never of its entry.
"""
