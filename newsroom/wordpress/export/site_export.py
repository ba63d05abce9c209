"""Writes the site into a WordPress export, as of one moment, while it serves."""

from collections import Counter

from articles.models import Article, MediaFile
from newsroom.one_moment import read_one_moment
from newsroom.wordpress.export.article_items import iterate_articles
from newsroom.wordpress.export.media_items import iterate_files
from newsroom.wordpress.export.part_files import PartFiles, PartStream
from newsroom.wordpress.export.plugin_items import iterate_guests, iterate_redirects
from newsroom.wordpress.export.site_elements import END, build_head

COMMENT = "<wp:comment>"
MEGABYTE = 1 << 20


class SiteExport:
    """Writes an export; ``counts`` says afterwards of what and how many.

    ``progress`` is called repeatedly with the share that is done.
    """

    def __init__(self, progress=lambda share: None):
        self.counts = Counter()
        self._progress = progress

    def write_file(self, path, *, megabytes=0):
        """Write a file, or several of so many megabytes each; returns their paths."""
        with read_one_moment():
            size = megabytes * MEGABYTE
            with PartFiles(path, start=build_head(), end=END, size=size) as parts:
                self._write(parts)
        return parts.paths

    def write_stream(self, stream):
        """Write into a binary stream."""
        with read_one_moment(), PartStream(stream, start=build_head(), end=END) as parts:
            self._write(parts)

    def _write(self, parts):
        total = max(1, Article.objects.count() + MediaFile.objects.count())
        for kind, items in (("media", iterate_files()), ("guest", iterate_guests())):
            for item in items:
                self._write_item(parts, kind, [item], total)
        for article, pieces in iterate_articles():
            self._write_item(parts, article.kind, pieces, total)
        for item in iterate_redirects():
            self._write_item(parts, "redirect", [item], total)

    def _write_item(self, parts, kind, pieces, total):
        for piece in pieces:
            parts.write(piece)
            self.counts["comment"] += piece.startswith(COMMENT)
        parts.end_item()
        self.counts[kind] += 1
        done = self.counts["media"] + self.counts["article"] + self.counts["page"]
        self._progress(done / total)
