"""Where files of the media library are used: one row for each picture of an article."""

import re
from html import unescape
from urllib.parse import unquote

from cabinet.models import get_file_model
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.body.stored import list_file_ids

LINKS = re.compile(r'href="([^"]+)"')


class MediaUseQuerySet(models.QuerySet):
    def renew(self, articles):
        """Write the uses of saved articles anew. One query if nothing has changed."""
        wanted = {use for article in articles for use in _list_uses(article)}
        rows = self.filter(article__in=[article.pk for article in articles])
        known = {tuple(row[1:]): row[0] for row in rows.values_list("pk", *COLUMNS)}
        if gone := [pk for use, pk in known.items() if use not in wanted]:
            self.filter(pk__in=gone).delete()
        if fresh := wanted - known.keys():
            rows = (dict(zip(COLUMNS, use, strict=True)) for use in sorted(fresh))
            self.bulk_create(self.model(**row) for row in rows)


class MediaUse(models.Model):
    """A file in an article: as its lead image, as the picture of its card, as a picture of its
    body, or behind a link there.

    A body may name a file that is gone, so the database does not insist on the file.
    """

    class Place(models.TextChoices):
        LEAD = "lead", _("lead image")
        BODY = "body", _("picture in the text")
        LINK = "link", _("link in the text")
        CARD = "card", _("picture of the card")

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="media_uses")
    file = models.ForeignKey(
        settings.CABINET_FILE_MODEL, models.CASCADE, related_name="uses", db_constraint=False
    )
    place = models.CharField(max_length=4, choices=Place)
    position = models.PositiveIntegerField(default=0)  # in the body, from 1

    objects = MediaUseQuerySet.as_manager()

    class Meta:
        verbose_name = _("use of a file")
        verbose_name_plural = _("uses of files")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["article", "file", "place"], name="media_use_once_in_a_place"
            )
        ]

    def __str__(self):
        return f"{self.file_id} in {self.article_id}"


COLUMNS = ("article_id", "file_id", "place", "position")


def _list_uses(article):
    """Return the uses of files in an article, as values of ``COLUMNS``."""
    if article.lead_image_id:
        yield article.pk, article.lead_image_id, MediaUse.Place.LEAD.value, 0
    if article.card_image_id:
        yield article.pk, article.card_image_id, MediaUse.Place.CARD.value, 0
    for position, file in enumerate(dict.fromkeys(list_file_ids(article.body)), 1):
        yield article.pk, file, MediaUse.Place.BODY.value, position
    for file in _find_linked_files(article.body):
        yield article.pk, file, MediaUse.Place.LINK.value, 0


def _find_linked_files(body):
    """Return the primary keys of the files that links of a body lead to. One query if there is a
    link into the library."""
    root = settings.MEDIA_URL
    addresses = [unquote(unescape(each)) for each in LINKS.findall(body)]
    addresses = [each.removeprefix(settings.SITE_URL) for each in addresses]
    paths = {each.removeprefix(root) for each in addresses if each.startswith(root)}
    if not paths:
        return []
    files = get_file_model().objects.filter(Q(download_file__in=paths) | Q(image_file__in=paths))
    return files.order_by("pk").values_list("pk", flat=True)
