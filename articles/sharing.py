"""The page of a share link: an article before it is public, as readers will see it."""

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from articles.models import Article, NetworkKey, ShareLink
from articles.views import render_article_page
from articles.web.networks import find_client_address, hash_text, name_networks
from articles.web.rate_limits import count_action

GUESSES = {60: 20, 3600: 100}  # seconds: unknown secrets asked for by one network
TEMPLATE = "articles/shared_detail.html"
# The origin of a link, which players of videos ask for, but never its path, which is the secret.
REFERRER_POLICY = "strict-origin"


@require_safe
def shared_article(request, secret):
    """Show the article of a link, or that the link has ended. What is public has its own page.

    A secret that no link has is a guess. Those of a network are counted, and refused above a rate;
    links that exist still work there.
    """
    link = ShareLink.objects.find(secret)
    if link is None:
        return protect(_refuse_guess(request))
    if link.revoked_at is None and link.article.is_reachable:
        return protect(HttpResponseRedirect(link.article.get_absolute_url()))
    if link.is_over:
        return protect(render(request, "articles/share_ended.html", status=410))
    link.note_use()
    article = Article.objects.for_detail().get(pk=link.article_id)
    article.share_link = link
    return protect(render_article_page(request, article, TEMPLATE))


def protect(response):
    """Let nobody keep, index or pass on what a secret address answers."""
    patch_cache_control(response, private=True, no_store=True)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = REFERRER_POLICY
    return response


def _refuse_guess(request):
    network = hash_text(
        NetworkKey.derive("sharing"), name_networks(find_client_address(request))[0]
    )
    if wait := count_action("share-guess", network, GUESSES):
        text = gettext("Too many requests")
        return HttpResponse(
            text, status=429, content_type="text/plain", headers={"Retry-After": wait}
        )
    raise Http404("No such share link")
