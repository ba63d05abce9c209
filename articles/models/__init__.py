from articles.models.article import Article
from articles.models.category import Category
from articles.models.links import ArticleSource, RelatedArticle
from articles.models.media import MediaFile
from articles.models.reads import ReadCount
from articles.models.redirect import Redirect
from articles.search.lookups import Among

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
