"""The edition: counters raised whenever published content changes.

``number`` rises with every change; the lists of articles are those of an edition. ``chrome`` is the
number at the last change that shows on all pages: of a category, a name, a measure for the whole
site. A change of one article raises the version of the article instead, readers' comments and votes
the version of their thread. Together they are the versions of cached pages.
"""

from time import sleep

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F
from django.db.models.signals import m2m_changed, post_delete, post_save
from taggit.models import Tag

from articles.models import (
    Article,
    ArticleSource,
    Byline,
    Category,
    Credit,
    FrontPage,
    FrontPin,
    MediaFile,
    RelatedArticle,
    Series,
)
from comments.models import Mention, ModerationAction, Thread
from newsroom.models import Edition, User
from newsroom.site_identity import draw_edition

TAGGED = Article.tags.through
# The models that pages show, by what their changes concern.
OF_ARTICLE = {ArticleSource, Credit, Mention, Thread, TAGGED}  # the page of one article
OF_ALL = {Byline, Category, ModerationAction, Series, Tag, User}  # all pages
# Lists on the pages of others. An article raises its version by itself.
OF_LISTS = {Article, FrontPage, FrontPin, RelatedArticle}
MODELS = {*OF_ARTICLE, *OF_ALL, *OF_LISTS, MediaFile}
# The links between them that pages show.
LINKS = (Article.other_categories.through, TAGGED)
# New rows of these show nowhere until another row names them.
SHOWN_LATER = {Byline, MediaFile, Series, Tag, User}
# Columns that no page shows, or that raise the version of their thread.
OTHER_COLUMNS = {
    Thread: {"last_number", "published_count", "version"},
    User: {"last_login", "password", "session_salt"},
}
ONLY = 1  # the primary key of the one row
MOST_FILES = 10  # files of a transaction whose articles are looked for


def watch_models():
    """Raise the edition after every committed change of a model that pages show."""
    for model in MODELS:
        for signal in (post_save, post_delete):
            signal.connect(_note_change, sender=model, dispatch_uid=f"edition:{model._meta.label}")
    for links in LINKS:
        m2m_changed.connect(_note_links, sender=links, dispatch_uid=f"edition:{links._meta.label}")


def raise_edition(*, is_of_all=True):
    """Raise the edition, by default for all pages. Call it after ``QuerySet.update``, which sends
    no signal."""
    raised = {"number": F("number") + 1}
    if is_of_all:
        raised["chrome"] = F("number") + 1
    if Edition.objects.filter(pk=ONLY).update(**raised):
        return
    try:
        with transaction.atomic():
            Edition.objects.create(pk=ONLY, **_draw_numbers())
    except IntegrityError:  # another process was first
        raise_edition(is_of_all=is_of_all)


def renew_identity():
    """Give the database a new identity: it has other content now. Nothing cached is its own."""
    Edition.objects.update_or_create(pk=ONLY, defaults=_draw_numbers())


def _draw_numbers():
    return dict.fromkeys(("number", "chrome"), draw_edition())


class _Changes:
    """What a transaction changes."""

    def __init__(self):
        self.articles, self.files, self.is_of_all = set(), set(), False

    def add(self, model, row):
        """Note what pages a changed row concerns; of links the row that has them."""
        if model in LINKS and isinstance(row, Article):
            self.articles.add(row.pk)
        elif model in LINKS and isinstance(row, Category | Tag):
            self.is_of_all = True
        elif model is TAGGED:
            is_article = row.content_type_id == ContentType.objects.get_for_model(Article).pk
            self.articles.update([row.object_id] if is_article else [])
        elif model in OF_ARTICLE:
            self.articles.add(row.article_id)
        elif model is MediaFile:
            self.files.add(row.pk)
        elif model is ModerationAction:
            self.is_of_all |= row.thread_id is None  # else it has raised the version of its thread
        elif model in OF_ALL:
            self.is_of_all = True

    def raise_counters(self):
        """Raise the counters after the commit, although the database may be busy: what was
        committed would stay unseen for as long as pages are kept."""
        for pause in (0.1, 0.5, 2):
            try:
                return self._raise()
            except OperationalError:
                sleep(pause)
        return self._raise()

    def _raise(self):
        if len(self.files) > MOST_FILES:
            self.is_of_all = True
        elif not self.is_of_all:
            Article.objects.filter(pk__in=self.articles).raise_versions()
            for file in self.files:
                Article.objects.showing(file).raise_versions()
        raise_edition(is_of_all=self.is_of_all)


def _note_links(sender, instance, action, **details):
    if action.startswith("post_"):
        _note_change(sender, instance)


def _note_change(sender, instance, update_fields=None, created=False, **details):
    if created and sender is Thread:  # a new thread is empty and changes no page
        return
    if sender is ModerationAction and not instance.concerns_site:
        return
    if update_fields and OTHER_COLUMNS.get(sender, set()).issuperset(update_fields):
        return
    owners = [getattr(entry[1], "__self__", None) for entry in connection.run_on_commit]
    pending = [owner for owner in owners if isinstance(owner, _Changes)]
    changes = pending[0] if pending else _Changes()  # one for a transaction
    if not (created and sender in SHOWN_LATER):
        changes.add(sender, instance)
    if not pending:
        transaction.on_commit(changes.raise_counters, robust=True)  # now, without a transaction
