"""All addresses of the site."""

from django.contrib import admin
from django.urls import include, path, re_path

from newsroom import feeds, search_views, sitemaps, views
from newsroom.media import media

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", search_views.search, name="search"),
    path("search/suggest/", search_views.suggest, name="suggest"),
    path("", include("comments.urls")),
    path("", include("articles.urls")),
    path("feeds/", feeds.overview, name="feeds"),
    path("sitemap.xml", sitemaps.index, name="sitemaps"),
    path("sitemap-news.xml", sitemaps.news, name="sitemap_news"),
    path("sitemap-<slug:name>.xml", sitemaps.section, name="sitemap"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("admin/", admin.site.urls),
    re_path(r"^media/(?P<path>.+)$", media, name="media"),
]

handler400 = "newsroom.views.bad_request"
handler403 = "newsroom.views.permission_denied"
handler404 = "newsroom.views.not_found"
handler500 = "newsroom.views.server_error"
