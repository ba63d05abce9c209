"""Merging of tags: articles, addresses and names of several tags become those of one."""

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag, TaggedItem

from articles.models import Article, ArticleChange, Redirect, TagName
from articles.models.tag_name import build_tag_path, hold_tags


class GoneMeanwhile(ValidationError):
    """One of those to merge is not there any more."""

    def __init__(self):
        message = _("One of them was merged or deleted meanwhile. Look at what is left.")
        super().__init__(message, code="gone")


def merge_tags(kept, others):
    """Merge tags into ``kept``, by their primary keys; return (kept tag, number of articles moved).

    Their pages and feeds redirect, and their names find the kept tag. Raises ``ValidationError``
    if one of the tags is gone or there is nothing to merge; then nothing has changed.
    """
    others = set(others) - {kept}
    if not others:
        raise ValidationError(_("Choose at least two that differ."), code="single")
    with transaction.atomic():
        hold_tags()
        rows = Tag.objects.select_for_update().filter(pk__in={kept, *others}).order_by("pk")
        tags = {tag.pk: tag for tag in rows}
        if len(tags) <= len(others):
            raise GoneMeanwhile
        tag, merged = tags.pop(kept), list(tags.values())
        articles = list_tagged(others)
        with ArticleChange.objects.following(articles):
            _move_links(tag, others)
            _move_addresses(tag, merged)
            TagName.objects.filter(tag__in=others).update(tag=tag)
            Tag.objects.filter(pk__in=others).delete()
        Article.objects.filter(pk__among=articles).index()
    return tag, len(articles)


def list_tagged(tags):
    """Return the primary keys of the articles with one of some tags."""
    model = ContentType.objects.get_for_model(Article)
    links = TaggedItem.objects.filter(tag__in=tags, content_type=model).order_by("object_id")
    return list(links.values_list("object_id", flat=True).distinct())


def _move_links(tag, others):
    links = TaggedItem.objects.filter(tag__in=others)
    same = TaggedItem.objects.filter(
        content_type=OuterRef("content_type"), object_id=OuterRef("object_id")
    )
    is_earlier = Q(tag=tag) | Q(tag__in=others, pk__lt=OuterRef("pk"))
    links.filter(Exists(same.filter(is_earlier))).delete()
    links.update(tag=tag)


def _move_addresses(tag, merged):
    """Redirect to the tag what led to the merged ones, in one hop."""
    Redirect.objects.filter(tag__in=merged).update(tag=tag)
    for other in merged:
        path = build_tag_path(other.slug)
        Redirect.objects.lead_on(path, tag=tag)
        Redirect.objects.remember(path, tag=tag)
