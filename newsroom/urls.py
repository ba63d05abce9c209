"""All addresses of the site."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from newsroom.views import feeds, search, sitemaps
from newsroom.views.author_replies import replies
from newsroom.views.desk_notices import desk_feed, desk_notices
from newsroom.views.home import home
from newsroom.views.icons import icon, indexnow_key, manifest
from newsroom.views.login import login
from newsroom.views.media import media
from newsroom.views.send_again import send_again
from newsroom.views.worker import offline, worker
from newsroom.webmentions import receiving

urlpatterns = [
    path("", home, name="home"),
    path("search/", search.search, name="search"),
    path("search/suggest/", search.suggest, name="suggest"),
    path("authors/<int:pk>/replies/", replies, name="replies"),
    path("", include("comments.urls")),
    path("", include("articles.urls")),
    path("feeds/", feeds.overview, name="feeds"),
    path("sitemap.xml", sitemaps.index, name="sitemaps"),
    path("sitemap-news.xml", sitemaps.news, name="sitemap_news"),
    path("sitemap-<slug:name>.xml", sitemaps.section, name="sitemap"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("favicon.ico", icon, {"name": "favicon.ico"}),
    path("apple-touch-icon.png", icon, {"name": "apple-touch-icon.png"}),
    re_path(r"^(?P<key>[A-Za-z0-9-]{8,128})\.txt$", indexnow_key, name="indexnow_key"),
    path("webmention/", receiving.receive, name="webmention"),
    path("sw.js", worker, name="worker"),
    path("offline/", offline, name="offline"),
    path("manifest.webmanifest", manifest, name="manifest"),
    re_path(
        r"^admin/comments/removalrequest/(?P<rest>.*)$",  # the former name of a report
        RedirectView.as_view(url="/admin/comments/report/%(rest)s", permanent=True),
    ),
    path("admin/login/", login),
    path("admin/send-again/", send_again, name="send_again"),
    path("admin/notices/", desk_notices, name="desk_notices"),
    path("admin/notices/feed/<str:token>/", desk_feed, name="desk_feed"),
    path("admin/second-factor/", include("newsroom.second_factor.urls")),
    path("admin/", admin.site.urls),
    re_path(r"^media/(?P<path>.+)$", media, name="media"),
]

handler400 = "newsroom.views.errors.bad_request"
handler403 = "newsroom.views.errors.permission_denied"
handler404 = "newsroom.views.errors.not_found"
handler500 = "newsroom.views.errors.server_error"
