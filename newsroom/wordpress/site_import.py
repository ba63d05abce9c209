"""Imports the sources of one site, such as the files of its export, in two readings.

The first reading imports authors, categories, tags and media and chooses the address of every
post. The second writes the articles, whose pictures and links are then known. An item with its
comments is one transaction: an interrupted import leaves only whole items, which the next run
skips.
"""

from collections import Counter
from copy import deepcopy

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, reset_queries, transaction
from django.utils.translation import gettext as _

from articles.models import Article
from newsroom import edition
from newsroom.importing.broken_export import BrokenExport
from newsroom.importing.comment_ids import reserve_comment_ids
from newsroom.importing.mapping import Mapping
from newsroom.wordpress.attachments import AttachmentImporter
from newsroom.wordpress.authors import AuthorImporter
from newsroom.wordpress.bylines import BylineImporter
from newsroom.wordpress.export_index import ExportIndex
from newsroom.wordpress.item_comments import CommentImporter
from newsroom.wordpress.item_keys import Doubles, find_double_key, find_key
from newsroom.wordpress.linked_files import LinkedFiles
from newsroom.wordpress.permalinks import RedirectImporter, find_own_target
from newsroom.wordpress.posts import PostImporter, choose_title
from newsroom.wordpress.series_terms import SeriesImporter
from newsroom.wordpress.taxonomies import CategoryImporter, TagImporter
from newsroom.wordpress.wxr.records import Author, Category, Item, OtherTerm, Remark, Site, Tag
from newsroom.wordpress.wxr.vocabulary import ARTICLE, GUEST, REDIRECT_RULE

ARTICLES = {"post", "page"}
LEFT_OUT = {"trash", "inherit"}
# What further taxonomies hold: those of plugins for series. ``--taxonomy`` names others.
TAXONOMIES = {"series": "series", "post_series": "series"}
DOMAINS = {"tag": "post_tag", "category": "category", "series": "series"}
TYPES = {"article": "post", "page": "page"}
# Taxonomies that WordPress and its plugins need for themselves, or that are read elsewhere.
SILENT_DOMAINS = {
    *("author", "category", "post_tag", "series", "language", "post_translations", "nav_menu"),
    *("post_format", "link_category", "wp_theme", "wp_template_part_area"),
    *("wp_pattern_category", "term_language", "term_translations"),
}
# Items of WordPress and its plugins that nobody wrote for readers: left out without a remark.
SILENT = {
    *("nav_menu_item", "revision", "custom_css", "customize_changeset", "oembed_cache"),
    *("user_request", "wp_global_styles", "wp_navigation", "wp_template", "wp_template_part"),
    *("wp_block", "wp_font_family", "wp_font_face", GUEST, REDIRECT_RULE),
}


class SiteImport:
    """Imports the sources of one site. ``broken`` are the errors of those that end too early.

    ``progress`` is called repeatedly with (step, share of it that is done).
    """

    steps = 2

    def __init__(self, sources, report, options, shared, progress):
        self.broken = []
        self._sources = sources
        self._report = report
        self._options = options
        self._shared = shared
        self._dry_run = options.dry_run
        self._progress = progress
        self._article_ids = {}
        self._rules = []  # redirects of the old site, as pairs of paths
        self._index = None
        self._files_of_texts = LinkedFiles()
        kinds = {**TAXONOMIES, **options.taxonomies}
        self._domains = {name: DOMAINS[kind] for name, kind in kinds.items()}
        self._types = {name: TYPES[kind] for name, kind in options.post_types.items()}

    def run(self):
        """Import everything that can be read."""
        for record in self._read(1):
            self._collect(record)
        if self._index is None:
            return
        self._categories.import_all()
        self._import_linked_files()
        if not self._dry_run:
            reserve_comment_ids(self._index.highest_comment)
        for record in self._read(2):
            if isinstance(record, Item):
                self._import_item(record)
        self._posts.link_related()
        self._redirect_old_addresses()
        if not self._dry_run:
            edition.raise_edition()

    def _redirect_old_addresses(self):
        root = None if self._index.is_ours else self._index.root
        self._redirects.redirect_rules(self._rules, self._find_target)
        self._redirects.redirect_attachments(self._index.attachments, self._article_ids, root)
        if self._index.is_ours:  # our own addresses are the same here
            return
        self._redirects.redirect_terms(
            root, self._categories, self._tags, base=self._index.category_base
        )
        self._redirects.redirect_series(root, self._series)
        self._redirects.redirect_authors(root, self._authors)

    def _find_target(self, path):
        """Return the target of a redirect to a path of the old site."""
        old_id = self._index.find_old_id(path)
        if old_id in self._article_ids:
            return {"article_id": self._article_ids[old_id]}
        return find_own_target(path) if self._index.is_ours else {"to_path": path}

    def _read(self, step):
        """Yield the records of the sources, up to where one is broken; report the remarks."""
        self._doubles = Doubles()
        self.broken = []
        total, done = max(sum(source.size for source in self._sources), 1), 0
        for source in self._sources:
            self._report.file = source.name if self._report.has_files else ""
            try:
                for record, position in source.read(with_comments=step == 2):
                    if isinstance(record, Item):
                        self._prepare(record, is_last=step == 2)
                        self._report.count_item(is_last=step == 2)
                    if not isinstance(record, Remark):
                        yield record
                    elif record.is_of_item == (step == 2):  # each comes in both readings
                        self._report.remark(
                            record.text,
                            line=record.line,
                            subject=record.subject,
                            times=record.times,
                        )
                    self._progress(step, (done + position) / total)
            except BrokenExport as error:
                error.file = source.name
                self.broken.append(error)
            done += source.size
        self._report.file = ""

    def _prepare(self, item, *, is_last):
        """Give an item its key, and the types and taxonomies that it comes as."""
        item.old_id = find_key(item)
        if self._doubles.is_other(item):
            item.old_id = find_double_key(item)
            if is_last:
                self._remark(item, _("its ID belongs to another item too: imported on its own"))
        item.type = self._types.get(item.type, item.type)
        for term in item.terms:
            term.domain = self._domains.get(term.domain, term.domain)

    def _collect(self, record):
        if isinstance(record, Site):
            self._begin(record)
        elif isinstance(record, Author):
            self._authors.import_author(record)
        elif isinstance(record, Category):
            self._categories.add(record)
        elif isinstance(record, Tag):
            self._tags.import_tag(record)
        elif isinstance(record, OtherTerm):
            self._collect_term(record)
        elif isinstance(record, Item):
            self._index_item(record)

    def _collect_term(self, term):
        domain = self._domains.get(term.taxonomy)
        if domain == "category":
            values = (term.slug, term.name, term.parent, term.description)
            self._categories.add(Category(*values))
        elif domain == "post_tag":
            self._tags.import_tag(Tag(term.slug, term.name))
        elif domain == "series":
            self._series.add(term)

    def _begin(self, site):
        """Create the importers of the parts, once the site is known."""
        if self._index:  # a further source of the site
            self._index.add_site(site)
            return
        mapping = Mapping(site.source, dry_run=self._dry_run)
        options = {"dry_run": self._dry_run}
        editable = {**options, "theirs": self._options.theirs}
        common = (mapping, self._report)
        self._authors = AuthorImporter(*common, taken=self._shared.usernames, **editable)
        self._bylines = BylineImporter(self._authors)
        section = self._options.find_section(site.source)
        self._categories = CategoryImporter(
            *common, section=section, taken=self._shared.categories, **editable
        )
        self._series = SeriesImporter(*common, **editable)
        self._tags = TagImporter(*common, **editable)
        self._media = AttachmentImporter(
            *common, source=site.source, options=self._options, **editable
        )
        known = mapping.load_existing("post", Article)
        self._index = ExportIndex(known, self._options.site_hosts, self._shared.articles)
        self._index.add_site(site)
        self._media.add_known(self._index)
        self._posts = PostImporter(
            *common,
            index=self._index,
            known=known,
            authors=self._authors,
            bylines=self._bylines,
            categories=self._categories,
            tags=self._tags,
            series=self._series,
            **editable,
        )
        self._comments = CommentImporter(
            *common, authors=self._authors, votes_key=self._options.votes_key, **options
        )
        self._redirects = RedirectImporter(self._report, site.source, self._shared.paths, **options)

    def _index_item(self, item):
        if _is_left_out(item) and item.type in ARTICLES:
            return
        if item.type in ARTICLES:
            self._index.add_post(item, choose_title(item))
            self._files_of_texts.collect(item, self._index)
        elif item.type == "attachment" and self._index.add_attachment(item):
            self._media.import_attachment(item, self._index.attachments[item.old_id])
        elif item.type == GUEST:
            self._bylines.add_guest(item)
        elif item.type == REDIRECT_RULE:
            self._rules.append(item.rule)
        elif item.type == "wp_block":
            self._index.reusable[item.old_id] = item.content
        self._index.highest_comment = max(self._index.highest_comment, item.highest_comment)

    def _import_linked_files(self):
        """Import what texts name and the export has no attachment for."""
        for item in self._files_of_texts.list_missing(self._index):
            if self._media.may_find(item):
                self._media.import_attachment(item, self._index.add_file(item))
        for old_id, url in self._files_of_texts.by_old_id.items():
            self._index.name_picture(old_id, url)

    def _remark(self, item, text, times=1):
        self._report.remark(text, line=item.line, subject=choose_title(item), times=times)

    def _import_item(self, item):
        if item.type not in ARTICLES:
            self._skip(item)
            return
        self._report.count_state(item.type, item.status)
        if _is_left_out(item) or item.old_id in self._article_ids:
            is_trash = item.status == "trash"
            self._leave_out(item, _("in the trash") if is_trash else _("appears twice"))
            return
        if self._index.is_deleted(item):
            self._leave_out(item, _("deleted on this site"))
            return
        outcomes = deepcopy(self._report.outcomes)
        parts = (self._authors, self._categories, self._tags, self._series, self._redirects)
        lengths = [(cache, len(cache)) for part in parts for cache in part.caches]
        try:
            with transaction.atomic():
                self._save_item(item)
        except (DataError, IntegrityError, ValidationError, ValueError) as error:
            self._index.article_pks.discard(self._article_ids.pop(item.old_id, None))
            for cache, length in lengths:
                drop_newest(cache, length)
            self._report.outcomes = outcomes
            self._report.count(item.type, "left out")
            reason = "; ".join(error.messages) if hasattr(error, "messages") else error
            self._remark(item, _("skipped, rejected by the database: %s") % reason)

    def _save_item(self, item):
        reset_queries()  # with DEBUG on, Django keeps every statement in memory
        self._index.add_post(item, choose_title(item))  # a broken item may be read only now
        others = Counter(term.domain for term in item.terms if term.domain not in SILENT_DOMAINS)
        for domain, times in others.items():
            text = _("terms left out, --taxonomy %s=… imports them") % domain
            self._remark(item, text, times=times)
        post = self._posts.import_item(item)
        self._article_ids[item.old_id] = post.pk
        self._index.article_pks.add(post.pk)
        is_new = post.outcome == "new"
        if (is_new or post.is_switched) and not self._dry_run:
            self._comments.prepare_thread(item, post.pk, is_new=is_new)
        self._comments.import_comments(item, post.pk)
        links, new_path = self._index.list_links(item), self._index.build_path(item.old_id)
        self._redirects.redirect_article(
            item, post.pk, links, new_path, None if self._index.is_ours else self._index.root
        )

    def _skip(self, item):
        if item.type != "attachment" and item.type not in SILENT:
            self._remark(item, _("skipped, items of this type are not imported: %s") % item.type)
        self._leave_out_comments(item)

    def _leave_out(self, item, reason):
        self._report.count(item.type, "left out")
        self._remark(item, _("skipped: %s") % reason)
        self._leave_out_comments(item)

    def _leave_out_comments(self, item):
        for kind, is_mention in (("comment", False), ("mention", True)):
            number = sum(comment.is_mention == is_mention for comment in item.comments)
            if number:
                self._report.count(kind, "left out", number)
                self._remark(item, _("comments skipped with their item"), times=number)


def _is_left_out(item):
    """Whether an item is none for the import: exports of ours tell what the trash needs."""
    return item.status in LEFT_OUT and not (item.status == "trash" and ARTICLE in item.own)


def drop_newest(cache, length):
    """Remove the entries that a dict got last, down to a length."""
    while len(cache) > length:
        cache.popitem()
