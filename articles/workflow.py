"""The states of an article: which may follow which, and who may change them.

Writers see and change their own articles while they are drafts or in review. A user with the right
to change any article sees all of them. Publishing and withdrawing need a right of their own.
"""

from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("In review")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    TRASH = "trash", _("In the trash")


class Verb(StrEnum):
    """What a save is meant to do.

    Two save what the gate would refuse: ``IMPORT`` restores what was public elsewhere, as it was;
    ``PREVIEW`` is rolled back.
    """

    SAVE = "save"
    PUBLISH = "publish"
    SCHEDULE = "schedule"
    RESTORE = "restore"
    IMPORT = "import"
    PREVIEW = "preview"


CHANGE_ANY = "articles.change_any_article"
UNGATED = (Verb.IMPORT, Verb.PREVIEW)
DRAFT, REVIEW, PUBLISHED, WITHDRAWN, TRASH = Status
ONCE_PUBLIC = (PUBLISHED, WITHDRAWN)
OPEN = (DRAFT, REVIEW)  # the states in which a writer may work on an article
NEXT = {
    DRAFT: (DRAFT, REVIEW, PUBLISHED, TRASH),
    REVIEW: (DRAFT, REVIEW, PUBLISHED, TRASH),
    PUBLISHED: (PUBLISHED, DRAFT, WITHDRAWN, TRASH),
    WITHDRAWN: (WITHDRAWN, DRAFT, PUBLISHED, TRASH),
    TRASH: (TRASH,),  # only ``restore`` leads out
}
REFUSAL = _("Not changed, because their status does not allow “%(state)s”: %(titles)s")


class TransitionRefused(ValidationError):
    """The workflow does not allow the requested state after the article's state."""

    def __init__(self, article, status):
        params = {"state": Status(status).label, "titles": str(article)}
        super().__init__(REFUSAL, code="transition", params=params)


def may_publish(user):
    return user.has_perm("articles.publish_article")


def may_change_any(user):
    return user.has_perm(CHANGE_ANY)


def may_change(user, article):
    """Whether a user may change an article; ``ArticleQuerySet.changeable_by`` is the same rule."""
    if may_change_any(user):
        return True
    status = article.trashed_from if article.status == TRASH else article.status
    return article.author_id == user.pk and status in OPEN


def may_empty_trash(user):
    return user.has_perm("articles.empty_trash")


def states_open_to(user, status):
    """Return the states that a user may give an article whose state is ``status``."""
    if may_publish(user):
        return NEXT[status]
    return (*OPEN, TRASH) if status in OPEN else (Status(status),)
