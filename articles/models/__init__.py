from articles.models.article import Article
from articles.models.article_change import ArticleChange
from articles.models.assignment import Assignment
from articles.models.byline import Byline, Credit
from articles.models.category import Category
from articles.models.front_page import FrontPage, FrontPin
from articles.models.links import ArticleSource, RelatedArticle
from articles.models.media_file import MediaFile
from articles.models.media_use import MediaUse
from articles.models.media_version import MediaVersion
from articles.models.network_key import NetworkKey
from articles.models.ranking import Ranking
from articles.models.read_count import ReadCount
from articles.models.redirect import Redirect
from articles.models.series import Series
from articles.models.share_link import ShareLink
from articles.models.tag_name import TagName
from articles.models.working_copy import WorkingCopy

__all__ = [
    "Article",
    "ArticleChange",
    "ArticleSource",
    "Assignment",
    "Byline",
    "Category",
    "Credit",
    "FrontPage",
    "FrontPin",
    "MediaFile",
    "MediaUse",
    "MediaVersion",
    "NetworkKey",
    "Ranking",
    "ReadCount",
    "Redirect",
    "RelatedArticle",
    "ShareLink",
    "Series",
    "TagName",
    "WorkingCopy",
]
