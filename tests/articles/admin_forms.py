"""The POST data of the form of an article."""

from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from tests import factories

ADD = "/admin/articles/article/add/"


def address(article, action="change"):
    return reverse(f"admin:articles_article_{action}", args=[article.pk])


def rows(prefix, entries):
    """The fields of an inline; an entry with ``id`` is one that is stored already."""
    stored = sum(1 for entry in entries if entry.get("id"))
    fields = {f"{prefix}-TOTAL_FORMS": len(entries), f"{prefix}-INITIAL_FORMS": stored}
    for index, entry in enumerate(entries):
        fields |= {f"{prefix}-{index}-{name}": value for name, value in entry.items()}
    return fields


def filled_in(*, sources=(), related=(), signed=(), **fields):
    """What the form sends for a new article, changed by what is given."""
    defaults = {"title": "朝の桟橋", "lead": "霧の朝。", "body": "<p>霧。</p>", "kind": "article"}
    defaults |= {"status": "draft", "slug": ""}
    parts = rows("sources", sources) | rows("related_links", related) | rows("credits", signed)
    return defaults | fields | parts


def ready(**fields):
    """What the form sends for a new article that lacks nothing."""
    return filled_in(category=factories.category().pk, **fields)


def form_of(article, **fields):
    """What the form of a stored article sends, changed by what is given."""
    names = ("title", "lead", "body", "kind", "status", "slug", "withdrawal_note")
    stored = {name: getattr(article, name) for name in names}
    for name in ("published_at", "expires_at"):
        if moment := getattr(article, name):
            moment = timezone.localtime(moment)
            stored[f"{name}_0"] = moment.strftime("%Y-%m-%d")
            stored[f"{name}_1"] = moment.strftime("%H:%M:%S")
    stored["tags"] = list(article.tags.names())
    for name in ("category", "author", "lead_image"):
        stored[name] = getattr(article, f"{name}_id") or ""
    return filled_in(**stored | fields)


def errors_of(answer):
    """Return the errors of the form that came back."""
    assert answer.status_code == 200, "the form was accepted"
    return answer.context["adminform"].form.errors


def saved(answer):
    """Return the newest article of a form that was accepted."""
    assert answer.status_code == 302, answer.context["errors"]
    return Article.objects.latest("pk")


def see_preview(browser, article, form=None, *, of=""):
    """Return the document in the frame of a preview: of a sent form, or of what ``of`` names."""
    place = address(article, "preview") if article else "/admin/articles/article/preview/"
    if form is not None:
        answer = browser.post(place, form)
        assert answer.status_code == 302, "the form has errors"
        of = answer.url.partition("?")[2]
    return browser.get(f"{place}page/?{of}")
