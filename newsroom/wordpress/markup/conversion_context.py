"""What the conversion of one content must ask about the rest of the site."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads now; ``title`` is that of the article, if it is one."""

    href: str
    title: str = ""


@dataclass(slots=True)
class Surroundings:
    """Answers about a site of which nothing is known; the importer has a better one.

    ``remarks`` counts what the conversion left out or changed.
    """

    footnotes: str = ""
    remarks: Counter = field(default_factory=Counter)

    def picture(self, old_id, url):
        """Return the id in the media library of an image, by its old id or address, or 0."""
        return 0

    def gallery(self):
        """Return the old ids of the images attached to this item, in order."""
        return []

    def attachment_url(self, old_id):
        """Return the old address of an attachment, or an empty string."""
        return ""

    def is_media_page(self, url):
        """Tell whether an address only shows one file of the old media library."""
        return False

    def target(self, url) -> Target | None:
        """Return the ``Target`` for an old address that has a new one."""

    def reusable(self, old_id):
        """Return the content of a reusable block, or an empty string."""
        return ""

    def remark(self, text):
        self.remarks[text] += 1
