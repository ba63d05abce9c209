"""The admin for editors and writers: articles, categories, tags, media, redirects."""

from articles.admin.article_admin import ArticleAdmin
from articles.admin.byline_admin import BylineAdmin
from articles.admin.category_admin import CategoryAdmin
from articles.admin.library import MediaFileAdmin
from articles.admin.redirect_admin import RedirectAdmin
from articles.admin.series_admin import SeriesAdmin
from articles.admin.tags import TagAdmin

__all__ = [
    "ArticleAdmin",
    "BylineAdmin",
    "CategoryAdmin",
    "MediaFileAdmin",
    "RedirectAdmin",
    "SeriesAdmin",
    "TagAdmin",
]
