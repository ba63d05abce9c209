"""A thread: all comments of one article."""

from django.db import models
from django.db.models import Case, Count, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from articles.models import Article, compiled
from articles.models.next_key import NextKey
from comments.headlines import name_article
from comments.models.states import Mode, State, Verb

FEW = 4  # trees; compiled queries for each are faster than one query for all


class ThreadQuerySet(models.QuerySet):
    def of(self, article):
        """Return the thread of an article, created at its first use."""
        return self.get_or_create(article=article)[0]

    def named(self):
        """The threads of articles whose headline everybody may know."""
        articles = Article.objects.reachable() | Article.objects.expired()
        articles |= Article.objects.gone()
        return self.filter(article__in=articles)

    def with_mode(self):
        """Annotate each thread with ``mode``, its own mode in force."""
        measures = self.model.measures.rel.related_model.objects.in_force()
        own = measures.filter(thread=OuterRef("pk"), kind=Verb.MODE, value__in=Mode.values)
        first = Case(When(first_open=True, then=Value(Mode.OPEN.value)), default=Value(Mode.CLOSED))
        return self.annotate(mode=Coalesce(Subquery(own.values("value")[:1]), first))

    def find(self, article):
        """Return the thread of an article; if nobody has written yet, one that is not saved."""
        thread = _threads.first(article.pk) or self.model()
        thread.article = article
        return thread


class Thread(models.Model):
    """All comments of one article, and their counts.

    The row is the lock of every change (``comments.models.trees.thread_write``).
    """

    article = models.OneToOneField(
        Article, models.CASCADE, related_name="thread", verbose_name=_("article")
    )
    first_open = models.BooleanField(
        _("initially open"),
        default=True,
        help_text=_("Whether readers may write where no measure says otherwise."),
    )
    published_count = models.PositiveIntegerField(
        _("published comments"), default=0, editable=False
    )
    last_number = models.PositiveIntegerField(_("last number"), default=0, editable=False)
    highest_awaited = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text="Highest number that a comment named before it existed; 0 for none.",
    )
    version = models.PositiveBigIntegerField(
        default=0, editable=False, help_text=_("Increases with every change that readers can see.")
    )

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")

    def __str__(self):
        return name_article(self.article)

    def read_no_more(self):
        """Send what follows together with the COMMIT (``comments.models.trees.thread_write``)."""

    @cached_property
    def regime(self):
        """What the measures in force make of the thread. Read once; one query."""
        return type(self).measures.rel.related_model.read_regime(self)

    @classmethod
    def send_regime(cls, pk):
        """Send the query of ``regime``; returns a function that returns it for the thread."""
        return cls.measures.rel.related_model.send_regime(pk)

    @property
    def accepts_comments(self):
        """Whether readers may write: nobody closed it, and the article is young enough."""
        return self.regime.is_open

    def set_open(self, is_open, *, by):
        """Open the thread to new comments or close it, as an act of the ledger; whether that
        changed anything."""
        if self.accepts_comments == is_open:
            return False
        mode = Mode.OPEN if is_open else Mode.CLOSED
        measures = type(self).measures.rel.related_model
        measures.take(Verb.MODE, by=by, thread=self, value=mode.value)
        return True

    @classmethod
    def send_place(cls, pk, code):
        """Send the query for the ordinal of the next published comment with an ID, and for the
        primary key of the next comment, which is None on SQLite; returns a function that reads
        both. Only inside ``thread_write``."""
        fetch = _places.send(cls.comments.rel.related_model, pk, code)

        def read():
            [[last, key]] = fetch()
            return last + 1 if code else 0, key

        return read

    def recount(self, trees=None):
        """Recount the published comments of these trees (default: all of them) and of the thread,
        and raise the versions of both. Only inside ``thread_write``.
        """
        self.version += 1
        roots = self.comments.filter(parent=None)
        # The tree is the only condition: SQLite would take the index of another one.
        own = self.comments.model.objects.filter(tree_id=OuterRef("tree_id"))
        published = Count("pk", filter=Q(state=State.PUBLISHED))
        count = own.order_by().values("tree_id").annotate(count=published).values("count")
        if trees is not None:
            roots = roots.filter(tree_id__in=trees)
        roots.update(tree_version=self.version, tree_published=Coalesce(Subquery(count), 0))
        self.published_count = self.comments.filter(parent=None).aggregate(
            published=Coalesce(Sum("tree_published"), 0)
        )["published"]
        self.save(update_fields=["published_count", "version"])

    def recount_sizes(self, trees=None):
        """Recount all comments of these trees (default: all of them). Only inside
        ``thread_write``."""
        roots = self.comments.filter(parent=None)
        if trees is not None:
            roots = roots.filter(tree_id__in=trees)
        own = self.comments.model.objects.filter(tree_id=OuterRef("tree_id")).order_by()
        count = own.values("tree_id").annotate(count=Count("pk")).values("count")
        roots.update(tree_size=Subquery(count))

    def raise_versions(self, trees):
        """Raise the versions of these trees and of the thread for a change that no count shows, and
        save the counts. Only inside ``thread_write``.
        """
        self.version += 1
        if len(trees) > FEW:
            roots = self.comments.filter(tree_id__in=trees, parent=None)
            roots.update(tree_version=self.version)
        else:
            for tree_id in trees:
                _renew(self.comments.model, tree_id, self.version)
        self.save_counts()

    def save_counts(self):
        """Save the counts and the version. Only inside ``thread_write``."""
        _count(self.pk, self.last_number, self.published_count, self.highest_awaited, self.version)


@compiled.rows
def _threads(article_id):
    return Thread.objects.filter(article_id=article_id)


def count_comments(articles):
    """Return {article's primary key: published comments} for those keys that have a thread. One
    query."""
    return dict(_published_counts(articles)) if articles else {}


@compiled.rows
def _published_counts(keys):
    threads = Thread.objects.filter(article_id__in=compiled.each_of(keys))
    return threads.values_list("article_id", "published_count")


@compiled.rows
def _places(model, thread_id, code):
    own = model.objects.filter(thread_id=OuterRef("pk"), reader_code=code)
    last = Subquery(own.order_by("-reader_ordinal").values("reader_ordinal")[:1])
    threads = Thread.objects.order_by().filter(pk=thread_id)
    return threads.values_list(Coalesce(last, 0), NextKey(model))


@compiled.update
def _renew(model, tree_id, version):
    return model.objects.filter(tree_id=tree_id, parent=None), {"tree_version": version}


@compiled.update
def _count(pk, last_number, published_count, highest_awaited, version):
    counts = {
        "last_number": last_number,
        "published_count": published_count,
        "highest_awaited": highest_awaited,
        "version": version,
    }
    return Thread.objects.filter(pk=pk), counts
