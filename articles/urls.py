"""URL patterns of articles, their lists and their feeds."""

from django.urls import path, re_path

from articles import feeds, sharing, views

app_name = "articles"
urlpatterns = [
    path("articles/", views.article_list, name="list"),
    path("articles/<str:slug>/", views.article_detail, name="detail"),
    path("articles/<int:pk>/read/", views.read, name="read"),
    path("categories/<str:slug>/", views.category_detail, name="category"),
    path("tags/<str:slug>/", views.tag_detail, name="tag"),
    path("authors/<int:pk>/", views.author_detail, name="author"),
    path("authors/<str:slug>/", views.guest_detail, name="guest"),
    path("drafts/<str:secret>/", sharing.shared_article, name="shared"),
    path("series/<str:slug>/", views.series_detail, name="series"),
    path("archive/", views.archive, name="archive"),
    re_path(r"^archive/(?P<year>[12][0-9]{3})/$", views.archive_period, name="year"),
    re_path(
        r"^archive/(?P<year>[12][0-9]{3})/(?P<month>0[1-9]|1[0-2])/$",
        views.archive_period,
        name="month",
    ),
    # Feed addresses end as in WordPress, so that subscriptions to an imported site keep working.
    path("feed/", feeds.ArticleFeed("rss"), name="site_rss"),
    path("feed/atom/", feeds.ArticleFeed("atom"), name="site_atom"),
    path("categories/<str:slug>/feed/", feeds.CategoryFeed("rss"), name="category_rss"),
    path("categories/<str:slug>/feed/atom/", feeds.CategoryFeed("atom"), name="category_atom"),
    path("tags/<str:slug>/feed/", feeds.TagFeed("rss"), name="tag_rss"),
    path("tags/<str:slug>/feed/atom/", feeds.TagFeed("atom"), name="tag_atom"),
    path("authors/<int:pk>/feed/", feeds.AuthorFeed("rss"), name="author_rss"),
    path("authors/<int:pk>/feed/atom/", feeds.AuthorFeed("atom"), name="author_atom"),
    path("series/<str:slug>/feed/", feeds.SeriesFeed("rss"), name="series_rss"),
    path("series/<str:slug>/feed/atom/", feeds.SeriesFeed("atom"), name="series_atom"),
    path("authors/<str:slug>/feed/", feeds.GuestFeed("rss"), name="guest_rss"),
    path("authors/<str:slug>/feed/atom/", feeds.GuestFeed("atom"), name="guest_atom"),
]
