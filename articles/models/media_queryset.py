"""Querysets of the media library: every rule about many files has its name here."""

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from articles.models.byline import Byline
from articles.models.media_use import MediaUse
from articles.workflow import Status

IS_PICTURE = ~Q(image_file="")


class MediaQuerySet(models.QuerySet):
    def pictures(self):
        return self.filter(IS_PICTURE)

    def without_alt(self):
        """The pictures that say nothing to those who do not see them."""
        return self.filter(IS_PICTURE, image_alt_text="", decorative=False)

    def without_credit(self):
        return self.filter(IS_PICTURE, copyright="")

    def used(self):
        return self.filter(_is_used())

    def unused(self):
        """The files that no article shows and none links to, and that are no portraits."""
        return self.filter(~_is_used())

    def used_in_public(self):
        """The files that an article shows whose readers see it, or will on its date."""
        uses = _uses().filter(article__status=Status.PUBLISHED)
        return self.filter(Exists(uses))

    def with_use_count(self):
        """Add ``use_count``: in how many articles each file is used."""
        uses = _uses().values("file").annotate(count=Count("article", distinct=True))
        return self.annotate(use_count=Coalesce(Subquery(uses.values("count")), 0))

    def count_kinds(self):
        """Return {filter of the list: number}, all files under an empty name. One query."""
        missing_alt = IS_PICTURE & Q(image_alt_text="", decorative=False)
        missing_credit = IS_PICTURE & Q(copyright="")
        counts = self.order_by().aggregate(
            all=Count("pk"),
            no_alt=Count("pk", filter=missing_alt),
            no_credit=Count("pk", filter=missing_credit),
            used=Count("pk", filter=_is_used()),
        )
        total = counts.pop("all")
        return {"": total, **counts, "unused": total - counts["used"]}

    def find_same(self, upload):
        """Return the file of the library with the content of a verified upload, or None."""
        return self.filter(digest=upload.digest).order_by("pk").first()


def _uses():
    return MediaUse.objects.filter(file=OuterRef("pk")).order_by()


def _is_used():
    portraits = Byline.objects.filter(portrait=OuterRef("pk"))
    return Q(Exists(_uses())) | Q(Exists(portraits))
