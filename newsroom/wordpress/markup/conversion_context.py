"""Questions of a conversion about the rest of the site."""

from collections import Counter
from dataclasses import dataclass, field

PLUGIN_NOTE = "plugin-note-"  # begins the ids of footnotes that a plugin's shortcodes hold


@dataclass(frozen=True, slots=True)
class Target:
    """The new address of a link, to an article with a ``title`` or to a file of the library."""

    href: str
    title: str = ""
    is_file: bool = False

    @property
    def words(self):
        """What a link says that the old site showed by its address alone."""
        return self.title or (self.href if self.is_file else "")


@dataclass(slots=True)
class ConversionContext:
    """Knows nothing about the site; the importer uses a subclass that does.

    ``remarks`` counts what the conversion left out or changed. Content that ``is_rendered`` is HTML
    as readers saw it, without blocks, shortcodes and newlines that mean a paragraph.
    """

    footnotes: str = ""
    is_rendered: bool = False
    notes: dict = field(default_factory=dict)  # number of each footnote by its id
    plugin_notes: list = field(default_factory=list)
    anchors: set = field(default_factory=set)  # places in the text that links may lead to
    remarks: Counter = field(default_factory=Counter)

    def add_note(self, text):
        """Add a footnote of a plugin after all others; returns its number."""
        self.plugin_notes.append(text)
        number = len(self.notes) + 1
        self.notes[f"{PLUGIN_NOTE}{number}"] = number
        return number

    def find_picture(self, old_id, url):
        """Return the id in the media library of an image, by its old id or address, or 0."""
        return 0

    def list_attached(self):
        """Return the old ids of the files attached to this item, in order."""
        return []

    def find_attachment_url(self, old_id):
        """Return the old address of an attachment, or an empty string."""
        return ""

    def is_media_page(self, url):
        """Whether an address only shows one file of the old media library."""
        return False

    def find_target(self, url) -> Target | None:
        """Return the ``Target`` of an old address, or None if the address has not moved."""

    def is_own_file(self, url):
        """Whether an address is that of a document, sound or film on the old site."""
        return False

    def find_reusable(self, old_id):
        """Return the content of a reusable block, or an empty string."""
        return ""

    def remark(self, text):
        self.remarks[text] += 1
