"""Comments of a comment system come to the articles that the addresses of their threads name."""

from abc import ABC, abstractmethod
from collections import Counter
from copy import deepcopy
from datetime import UTC, datetime
from functools import partial

from django.db import DataError, IntegrityError, reset_queries, transaction
from django.utils.translation import gettext as _

from articles.models import Article
from newsroom.edition import raise_edition
from newsroom.importing.article_lookup import ArticleLookup
from newsroom.importing.broken_export import BrokenExport
from newsroom.importing.comment_ids import reserve_comment_ids
from newsroom.importing.comment_staging import CommentRecord, CommentStaging
from newsroom.importing.comment_threads import DELETED, ThreadImporter
from newsroom.importing.import_report import ImportReport
from newsroom.importing.mapping import Mapping
from newsroom.importing.old_urls import read_host
from newsroom.importing.packing import unpack_exports

KINDS = ["comment"]
EARLIEST = 1970  # years before are mistakes
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # for comments of articles without any date


class CommentsByAddress(ABC):
    """The base class of an import from a comment system: a subclass reads its export.

    ``progress`` is called repeatedly with (step, share that is done). ``site_hosts`` are the hosts
    of the old site; without any, the host of an address does not matter.
    """

    source = ""  # the system, in the mapping; its ids or keys are the same in every export
    endings = ()  # of the names of its exports
    hint = ""  # how to get an export

    def __init__(self, *paths, progress=lambda step, share: None, site_hosts=(), dry_run=False):
        self.report = ImportReport(KINDS)
        self._paths = paths
        self._progress = progress
        self._lookup = ArticleLookup(site_hosts)
        self._has_hosts = bool(site_hosts)
        self._dry_run = dry_run
        self._mapping = Mapping(self.source, dry_run=dry_run)
        self._threads = ThreadImporter(self._mapping, self.report, dry_run=dry_run)

    def run(self):
        """Import everything that can be read; returns the report.

        Raises ``BrokenExport`` for a file that is no export or ends too early. What came before is
        imported then, but for replies to comments that could not be read.
        """
        with CommentStaging() as staging:
            broken = self._stage(staging)
            if broken and not staging.count_comments():
                raise broken
            if not staging.count_comments():
                raise BrokenExport(0, _("the export holds no comment.") + f" {self.hint}")
            if broken and (lost := staging.drop_orphans()):
                self._leave_out(_("answers a comment that could not be read"), number=lost)
            self._find_articles(staging)
            self._import_articles(staging)
        if broken:
            raise broken
        return self.report

    @abstractmethod
    def read(self, path, follow):
        """Yield the ``ThreadRecord``s and ``CommentRecord``s of a file.

        ``follow`` is called with the number of bytes read. Raises ``BrokenExport``.
        """

    def _stage(self, staging):
        """Put all records aside; returns the error of a file that is broken, or None."""
        broken = None
        with unpack_exports(self._paths, self.endings) as files:
            self.report.has_files = len(files) > 1
            size = max(sum(file.size for file in files), 1)
            done = 0
            for file in files:
                self.report.file = file.name if self.report.has_files else ""
                try:
                    for record in self.read(file.path, partial(self._follow, done, size)):
                        self._add(record, staging)
                except BrokenExport as error:
                    broken = error
                done += file.size
            self.report.file = ""
        return broken

    def _follow(self, done, size, read):
        self._progress(1, (done + read) / size)

    def _add(self, record, staging):
        if not isinstance(record, CommentRecord):
            staging.add_thread(record)
        elif not staging.add_comment(record):
            self._leave_out(_("comment skipped: its ID appears twice"), subject=record.name)

    def _find_articles(self, staging):
        """Find the article of each thread, and report those without."""
        hosts = Counter()
        for thread, key, number in staging.list_threads():
            url, found = self._find_article(thread)
            if not found:
                self.report.count_state("thread", "unmatched")
                self._leave_out(self._explain_missing(thread), number, subject=url or key)
                continue
            self.report.count_state("thread", "matched")
            staging.assign(key, found.article_id)
            hosts[read_host(url)] += 1
            if found.is_guess:
                text = _("address not known here: article found by the end of the address")
                self.report.remark(text, subject=url)
        hosts.pop("", None)
        if len(hosts) > 1 and not self._has_hosts:
            for host, number in hosts.most_common():
                text = _("threads of several hosts were taken, --site-host chooses among them")
                self.report.remark(text, subject=host, times=number)

    def _find_article(self, thread):
        """Return (address, what was found) for the first address with an article."""
        urls = thread.urls if thread else ()
        for url in () if thread and thread.is_deleted else urls:
            if found := self._lookup.find(url):
                return url, found
        return next(iter(urls), ""), None

    def _explain_missing(self, thread):
        if not thread:
            return _("comments left out: their thread is not in the export")
        if thread.is_deleted:
            return _("comments left out: their thread was deleted on the old site")
        if thread.urls and all(map(self._lookup.is_foreign, thread.urls)):
            return _("comments left out: their address is on another host")
        return _("comments left out: no article has their address")

    def _import_articles(self, staging):
        if not self._dry_run:
            reserve_comment_ids(staging.find_highest_id())
        total = self.report.expected = staging.count_comments()
        for article_id, is_open, url in staging.list_articles():
            reset_queries()  # with DEBUG on, Django keeps every statement in memory
            article = Article.objects.filter(pk=article_id).values("published_at").first()
            fallback = (article and article["published_at"]) or EPOCH
            comments = staging.list_comments(article_id, fallback)
            self._import_article(article_id, comments, is_open, url)
            self.report.read += len(comments)
            self._progress(2, self.report.read / total)
        if not self._dry_run and not self.report.changed_nothing:
            raise_edition()

    def _import_article(self, article_id, comments, is_open, url):
        comments = self._drop_empty(comments, url)
        outcomes, states = deepcopy(self.report.outcomes), deepcopy(self.report.states)
        for comment in comments:
            self.report.count_state("comment", comment.state[2])
        try:
            with transaction.atomic():
                self._threads.import_thread(comments, article_id, subject=url)
                self._follow_closing(article_id, is_open, url)
        except (DataError, IntegrityError, ValueError) as error:
            self.report.outcomes, self.report.states = outcomes, states
            text = _("skipped, rejected by the database: %s") % error
            self._leave_out(text, len(comments), subject=url)

    def _drop_empty(self, comments, url):
        """Leave out comments that were deleted there, if they are empty and nobody answered."""
        by_id = {comment.old_id: comment for comment in comments}
        answers = Counter(comment.parent for comment in comments)
        empty = [each for each in comments if each.state == DELETED and not each.text.strip()]
        known = self._mapping.load_some("comment", [each.old_id for each in empty])
        droppable = {each.old_id for each in empty} - known.keys()
        pending = [old_id for old_id in droppable if not answers[old_id]]
        dropped = 0
        while pending:
            comment = by_id.pop(pending.pop())
            dropped += 1
            answers[comment.parent] -= 1
            parent = comment.parent
            if not answers[parent] and parent in droppable and parent in by_id:
                pending.append(parent)
        if dropped:
            text = _("deleted on the old site, without a text and answers")
            self._leave_out(text, dropped, subject=url)
        return list(by_id.values())

    def _follow_closing(self, article_id, is_open, url):
        """Close the comments if the source has closed them, and open them if it has again."""
        state = "open" if is_open else "closed"
        _pk, known = self._mapping.load_some("thread", [article_id]).get(article_id, (None, "open"))
        if known != state:
            text = _("comments opened, as on the old site")
            if not is_open:
                text = _("comments closed, as on the old site")
            self.report.remark(text, subject=url)
            if not self._dry_run:
                self._threads.prepare_thread(
                    article_id, is_open=is_open, is_new=False, has_comments=True
                )
            self._mapping.save("thread", (article_id, article_id, state))

    def _leave_out(self, text, number=1, **place):
        self.report.count("comment", "left out", number)
        self.report.remark(text, times=number, **place)


def read_moment(text):
    """Return a moment of ISO 8601 in UTC, which is the default zone; None if it is none."""
    try:
        moment = datetime.fromisoformat(text.strip())
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year >= EARLIEST else None
