"""What the sites of one run share, so that a dry run foresees where they meet."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Shared:
    """The names and old paths that the sites before have taken in this run."""

    usernames: set = field(default_factory=set)
    categories: set = field(default_factory=set)  # slugs
    articles: set = field(default_factory=set)  # slugs
    paths: dict = field(default_factory=dict)  # hash of a path: the item that has it
