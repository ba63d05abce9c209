"""What search engines and social networks show of an article, where it differs from its page."""

from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from articles.models.picture_field import build_picture_field

# Characters that a search result or a card shows, about.
TITLE_LENGTH, DESCRIPTION_LENGTH = 30, 120
LEAD_LENGTH = 160  # of a lead that stands for the description


class Carded(models.Model):
    """An article whose card may have a title, a description and a picture of its own."""

    seo_title = models.CharField(
        _("title for search results"),
        max_length=200,
        blank=True,
        help_text=_("Without it, the title of the article."),
    )
    seo_description = models.TextField(
        _("description for search results"),
        max_length=500,
        blank=True,
        help_text=_("Without it, the beginning of the lead."),
    )
    card_image = build_picture_field(
        _("picture of the card"),
        help_text=_("What social networks show beside a link. Without it, the lead image."),
    )

    class Meta:
        abstract = True

    @property
    def card_title(self):
        return self.seo_title or str(self.title)

    @property
    def card_description(self):
        return self.seo_description or Truncator(self.lead).chars(LEAD_LENGTH) or str(self.title)

    @property
    def card_picture(self):
        """The picture of the card, or None."""
        own = self.card_image if self.card_image_id else None
        return own if own and own.is_image else self.lead_image
