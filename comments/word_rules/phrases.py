"""The lists of ``phrases.toml``, as they are written there."""

import tomllib
from pathlib import Path

_PHRASES = tomllib.loads(Path(__file__).with_name("phrases.toml").read_text(encoding="utf-8"))


def read_words(section, name):
    return _PHRASES[section][name].split()


def read_signs(section, name):
    return frozenset(_PHRASES[section][name])


def read_pairs(section, name):
    """Return the pairs ``a=b`` of a list as a dictionary."""
    return dict(pair.split("=") for pair in read_words(section, name))


def read_section(section):
    """Return a whole section: each name with its words."""
    return {name: read_words(section, name) for name in _PHRASES[section]}
