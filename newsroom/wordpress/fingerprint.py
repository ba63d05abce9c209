"""What an export says of an item, in few bytes, to see later whether it says something else."""

from dataclasses import dataclass

from newsroom.imported import checksum

DOMAINS = {"category", "post_tag"}


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """``says`` is a hash of the item's own words, which no change made here alters: neither what
    its links and terms lead to nor how anything is called here. ``found`` counts the links and
    pictures that led somewhere: there are more once a later file brings what was missing.
    """

    says: str = ""
    found: int = 0
    is_open: bool | None = None

    @classmethod
    def of(cls, item, *, told, found):
        """``told`` are the texts that an item takes over from elsewhere in the export."""
        terms = sorted((term.domain, term.slug) for term in item.terms if term.domain in DOMAINS)
        words = (item.title, item.content, item.excerpt, item.footnotes, *told)
        state = (item.type, item.status, item.has_password, item.sticky, item.author)
        dates = (item.published_at, item.modified_at)
        says = checksum([words, state, dates, terms, item.thumbnail, item.main_category])
        return cls(says, found, item.comments_open)

    @classmethod
    def parsed(cls, text):
        """Return what ``str`` wrote; for anything else one that equals none."""
        says, _point, rest = text.partition(".")
        found, _point, is_open = rest.partition(".")
        return cls(says, int(found), is_open == "open") if found.isdigit() else cls()

    def __str__(self):
        return f"{self.says}.{self.found}.{'open' if self.is_open else 'closed'}"
