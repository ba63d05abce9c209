"""Fills the site from an export, in two readings of the file.

The first reading writes authors, categories, tags and media and finds out where every post will
stand, so that the second can write articles with their pictures and links right at once. An item
with its comments is one transaction: an interrupted import leaves whole items behind, and the
next run passes over them.
"""

from django.db import DataError, IntegrityError, connection, reset_queries, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article
from comments.models import Comment
from newsroom import edition
from newsroom.imported import Mapping, cut_back
from newsroom.wordpress.attachments import Media
from newsroom.wordpress.authors import People
from newsroom.wordpress.comment_threads import Threads
from newsroom.wordpress.export_index import Index
from newsroom.wordpress.import_report import Tally
from newsroom.wordpress.permalinks import Redirects
from newsroom.wordpress.posts import Posts, title_of
from newsroom.wordpress.taxonomies import Categories, Tags
from newsroom.wordpress.wxr.reader import records
from newsroom.wordpress.wxr.records import Author, Category, Item, Remark, Site, Tag
from newsroom.wordpress.wxr.scan import BrokenExport, Scanner

ARTICLES = {"post", "page"}
LEFT_OUT = {"trash", "inherit"}
# What WordPress and its plugins keep as items without being anybody's text.
SILENT = {
    *("nav_menu_item", "revision", "custom_css", "customize_changeset", "oembed_cache"),
    *("user_request", "wp_global_styles", "wp_navigation", "wp_template", "wp_template_part"),
    *("wp_block", "wp_font_family", "wp_font_face"),
}


class Importer:
    """Imports one file. ``progress`` is called with (step, bytes done) now and then."""

    def __init__(
        self,
        path,
        *,
        media_folder=None,
        download_media=False,
        votes_key="",
        dry_run=False,
        private_hosts=(),
        progress=lambda step, done: None,
    ):
        self.tally = Tally()
        self._path = path
        self._media_options = {
            "folder": media_folder,
            "download": download_media,
            "private_hosts": private_hosts,
        }
        self._votes_key = votes_key
        self._dry_run = dry_run
        self._progress = progress
        self._article_ids = {}
        self._index = None

    def run(self):
        """Import everything that can be read; returns the tally.

        Raises ``BrokenExport`` for a file that is none or ends too early, after all whole items
        before that have been imported.
        """
        broken = None
        try:
            self._first_reading()
        except BrokenExport as error:
            if self._index is None:
                raise
            broken = error
        self._categories.import_all()
        self._make_room_for_comments()
        try:
            self._second_reading()
        except BrokenExport as error:
            broken = error
        self._redirects.for_attachments(self._index.attachments, self._article_ids)
        self._redirects.for_terms(self._index.root, self._categories, self._tags)
        self._redirects.for_authors(self._index.root, self._people)
        if not self._dry_run:
            edition.raise_edition()
        if broken:
            raise broken
        return self.tally

    def _records(self, step):
        zone = timezone.get_default_timezone()
        with open(self._path, "rb") as file:
            scanner = Scanner(file)
            for record in records(scanner, timezone=zone, with_comments=step == 2):
                yield record
                self._progress(step, scanner.bytes_done)

    def _first_reading(self):
        for record in self._records(1):
            if isinstance(record, Site):
                self._begin(record)
            elif isinstance(record, Author):
                self._people.import_author(record)
            elif isinstance(record, Category):
                self._categories.tell(record)
            elif isinstance(record, Tag):
                self._tags.import_tag(record)
            elif isinstance(record, Item):
                self._index_item(record)
            elif isinstance(record, Remark) and not record.is_of_item:
                self._remark(record)

    def _begin(self, site):
        """Make the parts, once it is known which site this is."""
        url = site.base_url or site.link
        source = url.partition("://")[2].strip("/")[:200] or "wordpress"
        mapping = Mapping(source, dry_run=self._dry_run)
        common = {"dry_run": self._dry_run}
        self._people = People(mapping, self.tally, **common)
        self._categories = Categories(mapping, self.tally, **common)
        self._tags = Tags(mapping, self.tally, **common)
        self._media = Media(mapping, self.tally, source=source, **self._media_options, **common)
        known = mapping.all_here("post", Article)
        self._index = Index(known)
        self._index.add_site(site)
        self._media.recall(self._index)
        self._posts = Posts(
            mapping,
            self.tally,
            self._index,
            known=known,
            people=self._people,
            categories=self._categories,
            tags=self._tags,
            **common,
        )
        self._threads = Threads(
            mapping, self.tally, people=self._people, votes_key=self._votes_key, **common
        )
        self._redirects = Redirects(self.tally, **common)

    def _index_item(self, item):
        if item.status in LEFT_OUT and item.type in ARTICLES:
            return
        if item.type in ARTICLES:
            self._index.add_post(item, title_of(item))
        elif item.type == "attachment" and self._index.add_attachment(item):
            self._media.import_attachment(item, self._index.attachments[item.old_id])
        elif item.type == "wp_block":
            self._index.reusable[item.old_id] = item.content
        self._index.highest_comment = max(self._index.highest_comment, item.highest_comment)

    def _second_reading(self):
        for record in self._records(2):
            if isinstance(record, Item):
                self._import_item(record)
            elif isinstance(record, Remark) and record.is_of_item:
                self._remark(record)

    def _remark(self, record):
        self.tally.remark(record.text, line=record.line, subject=record.subject)

    def _import_item(self, item):
        if item.type not in ARTICLES:
            self._pass_over(item)
            return
        self.tally.count_state(item.type, item.status)
        if item.status in LEFT_OUT or item.old_id in self._article_ids:
            is_trash = item.status == "trash"
            self._leave_out(item, _("in the trash") if is_trash else _("stands here twice"))
            return
        if self._index.is_deleted(item):
            self._leave_out(item, _("was deleted here"))
            return
        before = self.tally.copied_outcomes()
        memory = self._memory()
        lengths = [len(entries) for entries in memory]
        try:
            with transaction.atomic():
                self._write_item(item)
        except (DataError, IntegrityError, ValueError) as error:
            self._index.article_pks.discard(self._article_ids.pop(item.old_id, None))
            cut_back(memory, lengths)
            self.tally.outcomes = before
            self.tally.count(item.type, "left out")
            self.tally.remark(
                _("left out, the database refuses it: %s") % error,
                line=item.line,
                subject=title_of(item),
            )

    def _memory(self):
        """Return the dicts that keep what items bring, which must forget what is rolled back."""
        parts = (self._people, self._categories, self._tags, self._redirects)
        return [entries for part in parts for entries in part.memory]

    def _write_item(self, item):
        reset_queries()  # with DEBUG on, Django keeps every statement in memory
        self._index.add_post(item, title_of(item))  # it has it, but for a strangely broken file
        article_id, outcome, is_switched = self._posts.import_item(item)
        self._article_ids[item.old_id] = article_id
        self._index.article_pks.add(article_id)
        if (outcome == "new" or is_switched) and not self._dry_run:
            self._threads.prepare(item, article_id, is_new=outcome == "new")
        self._threads.import_comments(item, article_id)
        links, new_path = self._index.links_of(item), self._index.path_of(item.old_id)
        self._redirects.for_article(item, article_id, links, new_path)

    def _pass_over(self, item):
        if item.type != "attachment" and item.type not in SILENT:
            self.tally.remark(
                _("left out, items of this type are not taken: %s") % item.type,
                line=item.line,
                subject=title_of(item),
            )
        self._leave_out_comments(item)

    def _leave_out(self, item, reason):
        self.tally.count(item.type, "left out")
        self.tally.remark(_("left out: %s") % reason, line=item.line, subject=title_of(item))
        self._leave_out_comments(item)

    def _leave_out_comments(self, item):
        for kind, is_mention in (("comment", False), ("mention", True)):
            number = sum(comment.is_mention == is_mention for comment in item.comments)
            if number:
                self.tally.count(kind, "left out", number)
                self.tally.remark(
                    _("comments left out with their item"),
                    line=item.line,
                    subject=title_of(item),
                    times=number,
                )

    def _make_room_for_comments(self):
        """Let new comments of readers take ids above all imported ones, from now on."""
        if self._dry_run or not self._index.highest_comment:
            return
        table, highest = Comment._meta.db_table, self._index.highest_comment
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, 'id'), GREATEST(%s, "
                    "nextval(pg_get_serial_sequence(%s, 'id'))))",
                    [table, highest, table],
                )
                return
            cursor.execute(
                "UPDATE sqlite_sequence SET seq = MAX(seq, %s) WHERE name = %s", [highest, table]
            )
            if not cursor.rowcount:
                cursor.execute("INSERT INTO sqlite_sequence VALUES (%s, %s)", [table, highest])
