from articles.models.article import Article
from articles.models.category import Category
from articles.models.links import ArticleSource, RelatedArticle
from articles.models.lookups import Among
from articles.models.media import MediaFile
from articles.models.reads import ReadCount
from articles.models.redirect import Redirect

__all__ = [
    "Among",
    "Article",
    "ArticleSource",
    "Category",
    "MediaFile",
    "ReadCount",
    "Redirect",
    "RelatedArticle",
]
