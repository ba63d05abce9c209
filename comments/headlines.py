"""The names of articles for moderators, who need not know what is not published yet."""

from django.utils.translation import gettext as _


def name_article(article):
    """Return an article's title if it is or was public; of a draft or a scheduled article only
    that it is none."""
    was_public = article.is_reachable or article.is_expired
    return article.title if was_public else _("Unpublished article")
