"""The page cache: a public page is rendered once and sent to all readers.

It is a WSGI application around Django: a cached page is answered before Django sees the request.
The cache key identifies the address, the version identifies the content: the edition of the site
(``newsroom.edition``) and, on an article's page, the version of the thread. So readers see an
editor's changes, and on an article's page every comment and vote, within
``settings.PAGE_VERSION_SECONDS``; those who write see them at once. Figures of other
articles' threads, and texts that change with time alone, may be ``settings.PAGE_CACHE_SECONDS``
old. Parts with a cache of their own (footer pages, rankings, archive counts) follow that cache.

A lock lets one request render a page. The others get the stale page (stale-while-revalidate) or
wait. A page rendered ``HOT_RENDERINGS`` times within ``HOT_SECONDS`` is hot: it is rendered once
a second while it goes on changing. Readers may see it one second late, except those who have
posted or voted.
"""
