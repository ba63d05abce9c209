"""Files that texts name and the export has no attachment for, as in exports of posts alone.

Collected in the first reading: every address on the old site that ends like a picture or a file of
the library, in attributes, shortcodes and block comments. The image of a post that only its id
names (``_thumbnail_id``) is found by the class ``wp-image-7`` of a picture.
"""

import re
from dataclasses import dataclass, field

from articles.documents import CHECKS
from newsroom.importing.character_references import unescape_references
from newsroom.importing.mapping import derive_key
from newsroom.importing.old_urls import read_path
from newsroom.wordpress.wxr.records import Item

PICTURES = {"jpg", "jpeg", "jpe", "png", "gif", "webp", "avif", "heic", "heif"}
# Further files that people link to, which the library refuses: the report tells of each.
OTHERS = {
    "doc",
    "xls",
    "ppt",
    "odt",
    "ods",
    "odp",
    "epub",
    "wav",
    "mov",
    "m4v",
    "avi",
    "rtf",
}
DOCUMENTS = OTHERS | set(CHECKS)
ENDINGS = PICTURES | DOCUMENTS
ATTRIBUTE = re.compile(r"""\b(?:src|href|poster)\s*+=\s*+(?:"([^"<>]*+)"|'([^'<>]*+)')""")
SEPARATORS = re.compile(r"""[\s"'<>\[\]|\\]+""")
IMAGE = re.compile(r"<img\s[^<>]*+>")
OLD_ID = re.compile(r"\bwp-image-(\d{1,18})\b")


@dataclass(slots=True)
class LinkedFiles:
    """The addresses of files by the key of the file, with the item that named it first."""

    items: dict = field(default_factory=dict)
    by_old_id: dict = field(default_factory=dict)

    def collect(self, item, index):
        """Add the files of an item that are on the old site."""
        content = item.content.replace("\\/", "/")
        if "." not in content:
            return
        for url in _list_addresses(content):
            if _has_ending(url) and index.is_own(url):
                key = index.build_original_key(url)
                self.items.setdefault(key, (url, item.line))
        for tag in IMAGE.findall(content) if "wp-image-" in content else ():
            old_id, source = OLD_ID.search(tag), ATTRIBUTE.search(tag)
            if old_id and source:
                url = unescape_references(source[1] or source[2])
                self.by_old_id.setdefault(int(old_id[1]), url)

    def list_missing(self, index):
        """Yield an attachment record for each file that no attachment of the export is."""
        for key, (url, line) in self.items.items():
            if index.find_attachment(url) is None:
                yield Item(
                    line=line,
                    old_id=derive_key("file", key),
                    type="attachment",
                    attachment_url=url,
                )


def _list_addresses(content):
    for double, single in ATTRIBUTE.findall(content):
        yield unescape_references(double or single)
    for word in SEPARATORS.split(content):
        if "/" in word:
            yield unescape_references(word.strip(",;()"))


def _has_ending(url):
    return read_path(url).rpartition(".")[2].lower() in ENDINGS
