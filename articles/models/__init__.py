from articles.models.article import Article
from articles.models.category import Category
from articles.models.links import ArticleSource, RelatedArticle
from articles.models.media_file import MediaFile
from articles.models.read_count import ReadCount
from articles.models.redirect import Redirect

__all__ = [
    "Article",
    "ArticleSource",
    "Category",
    "MediaFile",
    "ReadCount",
    "Redirect",
    "RelatedArticle",
]
