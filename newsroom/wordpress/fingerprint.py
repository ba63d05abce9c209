"""A fingerprint of an exported item, which shows whether a later export has changed it."""

from dataclasses import dataclass

from newsroom.importing.mapping import compute_checksum

DOMAINS = {"author", "category", "post_tag", "series", "language"}


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """``content`` is a hash of the exported item; edits on this site do not change it.

    ``resolved`` counts the links and pictures with a target here. It grows when a later export
    file holds a target that was missing. ``is_kept`` says that edits made here were kept instead.
    """

    content: str = ""
    resolved: int = 0
    is_open: bool | None = None
    is_kept: bool = False

    @classmethod
    def of(cls, item, *, reused_texts, resolved):
        terms = [(term.domain, term.slug) for term in item.terms if term.domain in DOMAINS]
        terms.sort(key=lambda term: (term[0], "" if term[0] == "author" else term[1]))
        texts = (item.title, item.content, item.excerpt, item.footnotes, *reused_texts)
        state = (item.type, item.status, item.has_password, item.sticky, item.author)
        dates = (item.published_at, item.modified_at)
        card = [each for each in (item.seo_title, item.seo_description, item.card_image) if each]
        texts = (*texts, *card)
        texts = (*texts, item.own) if item.own else texts
        content = compute_checksum([texts, state, dates, terms, item.thumbnail, item.main_category])
        return cls(content, resolved, item.comments_open)

    @classmethod
    def parse(cls, text):
        """Parse the result of ``str``. Other texts give an empty one, which no item has."""
        content, _point, rest = text.partition(".")
        resolved, _point, rest = rest.partition(".")
        is_open, _point, kept = rest.partition(".")
        if not resolved.isdigit():
            return cls()
        return cls(content, int(resolved), is_open == "open", kept == "kept")

    def __str__(self):
        state = "open" if self.is_open else "closed"
        return f"{self.content}.{self.resolved}.{state}{'.kept' if self.is_kept else ''}"
