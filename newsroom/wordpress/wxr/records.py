"""The records that the reader yields.

They have no fields for a commenter's address, mail, site and agent, which the reader drops.
"""

from dataclasses import dataclass, field
from datetime import datetime

from newsroom.wordpress.wxr.vocabulary import GENERATOR

MENTIONS = {"pingback", "trackback", "webmention"}


@dataclass(slots=True)
class Site:
    """The site the export was made from.

    ``category_base`` begins the addresses of its categories.
    """

    link: str = ""
    base_url: str = ""
    network_url: str = ""
    category_base: str = "category"
    generator: str = ""

    @property
    def is_ours(self):
        """Whether this program wrote the export."""
        return self.generator == GENERATOR

    @property
    def source(self):
        """The address of the site without its scheme, the name of the source in the mapping."""
        url = self.base_url or self.link
        return url.partition("://")[2].strip("/")[:200] or "wordpress"


@dataclass(slots=True)
class Author:
    """A member of the old site's staff."""

    login: str
    old_id: int = 0
    email: str = ""
    display_name: str = ""
    first_name: str = ""
    last_name: str = ""


@dataclass(slots=True)
class Category:
    """A category; ``parent`` is the slug of the one above it, or empty."""

    slug: str
    name: str
    parent: str = ""
    description: str = ""
    old_id: int = 0


@dataclass(slots=True)
class Tag:
    slug: str
    name: str
    old_id: int = 0


@dataclass(slots=True)
class OtherTerm:
    """A term of any further taxonomy."""

    taxonomy: str
    slug: str
    name: str
    parent: str = ""
    description: str = ""
    old_id: int = 0


@dataclass(slots=True)
class Term:
    """A category or tag as an item names it."""

    domain: str
    slug: str
    name: str


@dataclass(slots=True)
class Comment:
    """A comment, pingback or trackback. ``meta`` holds only whole numbers: counts of votes.

    It is None where the source does not tell them. ``own`` is what an export of ours says beside.
    """

    old_id: int
    parent: int
    author: str
    date: datetime | None
    approved: str
    type: str
    content: str
    user_id: int = 0
    url: str = ""
    meta: dict[str, int] | None = field(default_factory=dict)
    own: dict = field(default_factory=dict)

    @property
    def is_mention(self):
        return self.type in MENTIONS


@dataclass(slots=True)
class Item:
    """A post, page, attachment or item of another type, with its terms and comments.

    The line is 0 in a source without lines. ``key`` stands for an id that is no number.
    ``is_rendered`` says that the content is HTML as readers saw it, without blocks and shortcodes.
    ``own`` is what an export of ours says beside. ``rule`` are both paths of a redirect.
    """

    line: int
    old_id: int = 0
    key: int = 0
    is_rendered: bool = False
    type: str = "post"
    status: str = "publish"
    title: str = ""
    slug: str = ""
    link: str = ""
    guid: str = ""
    author: str = ""
    published_at: datetime | None = None
    modified_at: datetime | None = None
    content: str = ""
    excerpt: str = ""
    has_password: bool = False
    sticky: bool = False
    parent: int = 0
    comments_open: bool = True
    attachment_url: str = ""
    thumbnail: int = 0
    main_category: int = 0
    seo_title: str = ""
    seo_description: str = ""
    has_seo_pattern: bool = False
    card_image: int = 0
    series_number: int = 0
    alt: str = ""
    credit: str = ""
    attached_file: str = ""
    footnotes: str = ""
    rule: tuple = ("", "")
    own: dict = field(default_factory=dict)
    old_slugs: list[str] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    highest_comment: int = 0

    @property
    def is_for_readers(self):
        """Whether the old site shows it to everybody, now or from its date on."""
        return self.status in {"publish", "future"} and not self.has_password


@dataclass(slots=True)
class Remark:
    """A note on something repaired, changed or left out, for the report."""

    line: int
    text: str
    subject: str = ""
    is_of_item: bool = False
    times: int = 1
