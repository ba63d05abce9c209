"""The pages of articles, and their lists by category, tag, author and date."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from taggit.models import Tag

from articles.archive import Period, list_years
from articles.body.page import load_page_body
from articles.list_rows import AllRows, CategoryRows, ListedRows, SeriesRows
from articles.lookup import find_article, find_author_or_404, open_list_parts
from articles.models import Article, Byline, Category, NetworkKey
from articles.reads import compute_slot, tally
from articles.web.expiry import find_new_year, note_change
from articles.web.gaps import fill_page
from articles.web.networks import find_client_address, hash_text, name_networks
from articles.web.origin import comes_from_robot, comes_from_site
from articles.web.paging import paginate
from articles.web.rate_limits import count_action

NEWEST = 5  # articles listed where one is gone


@require_safe
def article_detail(request, slug):
    article = find_article(slug)
    if not article:
        if Article.objects.gone().filter(slug=slug).exists():
            return render_gone_page(request)
        raise Http404(f"No article {slug}")
    note_change(request, article.expires_at)
    if article.is_breaking:
        note_change(request, article.breaking_until)
    note_change(request, find_new_year())
    if article.is_withdrawn:
        return render_withdrawn_page(request, article)
    kind = "page" if article.is_page else "article"
    return render_article_page(request, article, f"articles/{kind}_detail.html")


def render_withdrawn_page(request, article):
    """Return status 410 with the note on the withdrawal and links to the newest articles."""
    newest = Article.objects.listed().newest_first().for_list()[:NEWEST]
    context = {
        "article": article,
        "newest": newest,
        **Category.objects.build_navigation(article.category),
    }
    return render(request, "articles/article_withdrawn.html", context, status=410)


def render_gone_page(request):
    """Return status 410 for an article in the trash. The page does not name it."""
    newest = Article.objects.listed().newest_first().for_list()[:NEWEST]
    context = {"newest": newest, **Category.objects.build_navigation(None)}
    return render(request, "articles/article_gone.html", context, status=410)


def render_article_page(request, article, template):
    """Return the page of an article in any state; the preview uses it too."""
    context = {
        "article": article,
        "body": load_page_body(article),
        "has_gaps": True,
        **Category.objects.build_navigation(article.category),
    }
    html = render_to_string(template, context, request)
    return HttpResponse(fill_page(request, html, open_list_parts()))


@csrf_exempt
@require_POST
def read(request, pk):
    """Count a reading of an article. The browser does not wait for the answer."""
    if not comes_from_site(request) or comes_from_robot(request):
        return HttpResponse(status=204)
    networks = name_networks(find_client_address(request))
    key = NetworkKey.derive("readings")
    wait = count_action("read", hash_text(key, networks[0]), settings.READ_RATE)
    if wait:
        headers = {"Retry-After": wait}
        text = gettext("Too many requests")
        return HttpResponse(text, status=429, content_type="text/plain", headers=headers)
    tally.add(pk, compute_slot(pk, networks, key))
    return HttpResponse(status=204)


@require_safe
def article_list(request):
    """All listed articles, the newest first."""
    return render(request, "articles/article_list.html", {"page": paginate(request, AllRows())})


@require_safe
def category_detail(request, slug):
    category = get_object_or_404(Category, slug=slug)
    navigation = Category.objects.build_navigation(category)
    context = {
        **navigation,
        "trail": navigation["trail"][:-1],
        "category": category,
        "articles": None,
        "section_name": category.name,
        "rss": reverse("articles:category_rss", args=[category.slug]),
        "children": category.get_children(),
        "page": paginate(request, CategoryRows(category)),
    }
    return render(request, "articles/category_detail.html", context)


@require_safe
def tag_detail(request, slug):
    tag = get_object_or_404(Tag, slug=slug)
    articles = Article.objects.listed().tagged(tag).newest_first()
    context = {
        "tag": tag,
        "category": None,
        "section_name": f"#{tag.name}",
        "rss": reverse("articles:tag_rss", args=[tag.slug]),
        "articles": articles,
        "page": paginate(request, ListedRows(articles)),
    }
    return render(request, "articles/tag_detail.html", context)


@require_safe
def author_detail(request, pk):
    author = find_author_or_404(pk)
    return _render_author(request, author, Article.objects.listed().signed_by(author))


@require_safe
def guest_detail(request, slug):
    byline = get_object_or_404(Article.objects.listed().guests(), slug=slug)
    return _render_author(request, byline, Article.objects.listed().credited_to(byline))


def _render_author(request, author, articles):
    page = paginate(request, ListedRows(articles.newest_first()))
    is_guest = isinstance(author, Byline)
    kind, key = ("guest", author.slug) if is_guest else ("author", author.pk)
    context = {
        "author": author,
        "byline": author if is_guest else getattr(author, "byline", None),
        "is_guest": is_guest,
        "articles": articles,
        "page": page,
        "path": reverse(f"articles:{kind}", args=[key]),
        "rss": reverse(f"articles:{kind}_rss", args=[key]),
        "atom": reverse(f"articles:{kind}_atom", args=[key]),
    }
    return render(request, "articles/author_detail.html", context)


@require_safe
def series_detail(request, slug):
    series = get_object_or_404(Article.objects.listed().series(), slug=slug)
    page = paginate(request, SeriesRows(series))
    return render(request, "articles/series_detail.html", {"series": series, "page": page})


@require_safe
def archive(request):
    return render(request, "articles/archive.html", {"years": list_years()})


@require_safe
def archive_period(request, year, month=None):
    period = Period(int(year), int(month) if month else None)
    page = paginate(request, ListedRows(period.articles().newest_first()))
    if not page.object_list:
        raise Http404(f"No article in {period}")
    months = dict(list_years()).get(period.whole_year, [])
    context = {"period": period, "page": page, "months": months}
    return render(request, "articles/archive_period.html", context)
