"""The names of articles for moderators, who need not know what is not published yet."""

from django.utils.translation import gettext as _


def may_show_headline(article):
    """Whether the headline is or was public. Comments of drafts are shown without it."""
    return article.is_reachable or article.is_expired or article.is_gone


def name_article(article):
    """Return an article's title if it is or was public; of a draft or a scheduled article only
    that it is none."""
    return article.title if may_show_headline(article) else _("An article that is not public")
