"""The edition: a counter raised whenever published content changes.

It is part of the version of every cached page. Readers' comments and votes raise the version of
their thread instead.
"""

from time import sleep

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F
from django.db.models.signals import m2m_changed, post_delete, post_save
from taggit.models import Tag

from articles.models import Article, ArticleSource, Category, MediaFile, RelatedArticle
from comments.models import Mention, ModerationAction, Thread
from newsroom.models import Edition, User
from newsroom.site_identity import draw_edition

# The models that pages show.
MODELS = (
    *(Article, ArticleSource, Category, MediaFile, RelatedArticle),
    *(Mention, ModerationAction, Thread, User, Tag, Article.tags.through),
)
# The links between them that pages show.
LINKS = (Article.other_categories.through, Article.tags.through)
# Columns that no page shows, or that raise the version of their thread.
OTHER_COLUMNS = {
    Thread: {"last_number", "published_count", "version"},
    User: {"last_login", "password"},
}
ONLY = 1  # the primary key of the one row


def watch_models():
    """Raise the edition after every committed change of a model that pages show."""
    for model in MODELS:
        for signal in (post_save, post_delete):
            signal.connect(_note_change, sender=model, dispatch_uid=f"edition:{model._meta.label}")
    for links in LINKS:
        m2m_changed.connect(_note_links, sender=links, dispatch_uid=f"edition:{links._meta.label}")


def raise_edition():
    """Raise the edition. Call it after ``QuerySet.update``, which sends no signal."""
    if Edition.objects.filter(pk=ONLY).update(number=F("number") + 1):
        return
    try:
        with transaction.atomic():
            Edition.objects.create(pk=ONLY, number=draw_edition())
    except IntegrityError:  # another process was first
        raise_edition()


def renew_identity():
    """Give the database a new identity: it has other content now. Nothing cached is its own."""
    Edition.objects.update_or_create(pk=ONLY, defaults={"number": draw_edition()})


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
    if not any(_raise_after_commit in entry for entry in connection.run_on_commit):
        transaction.on_commit(_raise_after_commit, robust=True)  # once a transaction


def _raise_after_commit():
    """Raise the edition, although the database may be busy: what was committed would stay unseen
    for as long as pages are kept."""
    for pause in (0.1, 0.5, 2):
        try:
            return raise_edition()
        except OperationalError:
            sleep(pause)
    return raise_edition()
