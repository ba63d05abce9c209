"""The page cache: a public page is rendered once and sent to all readers.

It is a WSGI application around Django: a cached page is answered before Django sees the request.
The cache key identifies the address, the version identifies the content. Of an article's page that
is the version of the article, that of its thread, and the number of the last change that shows on
all pages; of any other page it is the edition of the site (``newsroom.edition``). So readers see an
editor's changes, and on an article's page every comment and vote, within
``settings.PAGE_VERSION_SECONDS``; those who write see them at once. Figures of other articles'
threads may be ``settings.PAGE_CACHE_SECONDS`` old; rankings and archive counts have a cache of
their own. A page also says when it changes by itself (``articles.web.expiry``): at midnight, when
an article or a measure begins or ends.

The page of an article is kept for as long as its version lasts, a month at most. What it shows of
other articles is in gaps (``articles.web.gaps``). The lists are filled again in each new edition,
and when an article appears or expires by itself; the figures after
``settings.PAGE_CACHE_SECONDS``. Other pages are rendered again then. The thread is in gaps too,
and a comment or a vote renews it alone; not on a later page of a thread, whose head depends on the
number of pages.

A lock lets one request render a page. The others get the stale page (stale-while-revalidate) or
wait. A page rendered ``HOT_RENDERINGS`` times within ``HOT_SECONDS`` is hot: it is rendered once
a second while it goes on changing. Readers may see it one second late, except those who have
posted or voted.

A thread makes what all pages of a new edition share (``edition_watch``).

The pages of the newest ``settings.PAGES_PRELOADED`` articles are rendered before anybody asks for
them (``preloading``).
"""
