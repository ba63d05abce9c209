"""The admin of editors and writers: articles, categories, tags, media, redirects."""

from articles.admin.article import ArticleAdmin
from articles.admin.category import CategoryAdmin
from articles.admin.library import MediaFileAdmin
from articles.admin.redirect import RedirectAdmin
from articles.admin.tags import TagAdmin

__all__ = ["ArticleAdmin", "CategoryAdmin", "MediaFileAdmin", "RedirectAdmin", "TagAdmin"]
