"""The edition: a counter raised whenever published content changes.

It is part of every key of ``newsroom.page_cache``. Comments and votes of readers do not raise it;
they raise the version of their thread.
"""

from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.db.models.signals import post_delete, post_save

from articles.models import Article
from comments.models import Thread
from newsroom.models import Edition

# What pages show, each with the columns that no page shows or that tell of themselves otherwise.
SHOWN = {
    "articles.Article": set(),
    "articles.ArticleSource": set(),
    "articles.Category": set(),
    "articles.MediaFile": set(),
    "articles.RelatedArticle": set(),
    "comments.Mention": set(),
    "comments.Thread": {"last_number", "published_count", "version"},
    "newsroom.User": {"last_login", "password"},
    "taggit.Tag": set(),
}
ONLY = 1  # the primary key of the one row


def watch():
    """Begin a new edition with every change of what pages show, once it is committed."""
    models = [*map(apps.get_model, SHOWN), Article.tags.through]
    for model in models:
        for signal in (post_save, post_delete):
            signal.connect(_changed, sender=model, dispatch_uid=f"edition:{model._meta.label}")


def renew():
    """Begin a new edition. What is changed by ``QuerySet.update`` has to ask for it."""
    if Edition.objects.filter(pk=ONLY).update(number=F("number") + 1):
        return
    try:
        with transaction.atomic():
            Edition.objects.create(pk=ONLY, number=1)
    except IntegrityError:  # somebody else was first
        renew()


def _changed(sender, update_fields=None, created=False, **details):
    if created and sender is Thread:  # an empty one, at the first comment, changes no page
        return
    unseen = SHOWN.get(sender._meta.label, set())
    if update_fields and unseen.issuperset(update_fields):
        return
    if not any(renew in entry for entry in connection.run_on_commit):  # once a transaction
        transaction.on_commit(renew, robust=True)
