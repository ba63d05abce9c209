"""Reads an export strictly, by the rules of WordPress's importer, and independently of ours.

The whole file is parsed as XML with namespaces. An item's fields, terms, meta and comments are what
WordPress would take.
"""

from dataclasses import dataclass, field
from xml.etree import ElementTree

WP = "{http://wordpress.org/export/1.2/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
EXCERPT = "{http://wordpress.org/export/1.2/excerpt/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"


@dataclass
class ReadExport:
    version: str
    base_url: str
    authors: dict = field(default_factory=dict)
    categories: dict = field(default_factory=dict)
    tags: dict = field(default_factory=dict)
    terms: dict = field(default_factory=dict)
    posts: list = field(default_factory=list)

    def of_type(self, *types):
        return [post for post in self.posts if post["post_type"] in types]

    def find(self, slug):
        [post] = [post for post in self.posts if post["link"].endswith(f"/{slug}/")]
        return post


def read(content):
    """Return the ``ReadExport`` of the bytes of an export."""
    channel = ElementTree.fromstring(content).find("channel")
    export = ReadExport(
        channel.findtext(f"{WP}wxr_version"), channel.findtext(f"{WP}base_blog_url")
    )
    for element in channel.findall(f"{WP}author"):
        export.authors[_own(element)["author_login"]] = _own(element)
    for kind, key, target in (
        ("category", "category_nicename", export.categories),
        ("tag", "tag_slug", export.tags),
        ("term", "term_slug", export.terms),
    ):
        for element in channel.findall(f"{WP}{kind}"):
            target[_own(element)[key]] = _own(element)
    export.posts = [_read_item(item) for item in channel.findall("item")]
    return export


def _read_item(item):
    post = _own(item)
    for name in ("post_id", "post_parent", "is_sticky"):
        post[name] = int(post[name])
    post |= {name: item.findtext(name) for name in ("title", "link", "pubDate")}
    post["creator"] = item.findtext(CREATOR)
    post["content"], post["excerpt"] = item.findtext(CONTENT), item.findtext(EXCERPT)
    post["terms"] = [
        (term.get("domain"), term.get("nicename"), term.text) for term in item.findall("category")
    ]
    post["meta"] = _meta(item, "postmeta")
    post["comments"] = [_read_comment(comment) for comment in item.findall(f"{WP}comment")]
    return post


def _read_comment(element):
    comment = _own(element)
    for name in ("comment_id", "comment_parent", "comment_user_id"):
        comment[name] = int(comment[name])
    return comment | {"meta": dict(_meta(element, "commentmeta"))}


def _meta(element, name):
    return [
        (each.findtext(f"{WP}meta_key"), each.findtext(f"{WP}meta_value"))
        for each in element.findall(f"{WP}{name}")
    ]


def _own(element):
    """The texts of the children in WordPress's own namespace."""
    return {
        child.tag.removeprefix(WP): child.text or ""
        for child in element
        if child.tag.startswith(WP) and not len(child)
    }
