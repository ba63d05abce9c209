"""What only exports of ours and some plugins hold: meta of our own, and rules of redirects."""

import json

import pytest

from articles.models import Article, Redirect
from comments.models import Comment
from tests import factories
from tests.newsroom.wordpress import wxr

pytestmark = [pytest.mark.once, pytest.mark.django_db]


def own(name, value):
    return wxr.meta(f"_newsroom_{name}", value if isinstance(value, str) else json.dumps(value))


def rule(old_id, old, new):
    metas = wxr.meta("_redirect_rule_from", old), wxr.meta("_redirect_rule_to", new)
    return wxr.item(old_id, *metas, type="redirect_rule", link="")


@pytest.mark.parametrize(
    "fields",
    [
        "{",
        "[1]",
        {"status": "sold"},
        {"status": "trash"},
        {"status": "trash", "trashed_at": "2026-01-01T00:00:00+00:00", "trashed_from": "sold"},
        {"status": "published", "published_at": "yesterday"},
        {
            "status": "published",
            "published_at": "2026-01-02T00:00:00+00:00",
            "expires_at": "2026-01-01T00:00:00+00:00",
        },
    ],
)
def test_a_state_that_contradicts_itself_is_that_of_wordpress(bring, fields):
    bring(wxr.item(1, own("article", fields)))
    article = Article.objects.get()
    assert (article.status, f"{article.published_at:%F}") == ("published", "2020-01-02")


def test_parts_of_a_wrong_form_are_left_out(bring):
    wrong = [1, None, {}, [], "x", ["a", "b", 3], {"kind": "joke", "text": "t", "at": "now"}]
    names = ("corrections", "sources", "related", "photographers", "media", "byline")
    bring(
        wxr.item(
            1,
            own("article", {"status": "draft"}),
            *(own(name, wrong) for name in names[:3]),
            own("photographers", [1, None, {}]),
            wxr.comment(1, meta={"_newsroom_comment": json.dumps([1])}),
            wxr.comment(2, meta={"_newsroom_comment": json.dumps({"reason": "x", "name": 1})}),
        ),
    )
    article = Article.objects.get()
    assert (article.status, article.corrections, article.sources.count()) == ("draft", [], 0)
    assert Comment.objects.count() == 2


def nest_corrections(text, depth):
    """Return the JSON of a correction with earlier texts of it, each in the next."""
    moment = "2026-01-01T00:00:00+00:00"
    start = (
        f'[{{"kind": "correction", "at": "{moment}", "until": "{moment}", "text": "{text}",'
        ' "earlier": '
    )
    return start * depth + "[]" + "}]" * depth


@pytest.mark.parametrize("text", [r"\ud800", r"a\u0000b"])
def test_a_text_that_no_database_takes_costs_no_article(bring, text):
    metas = own("article", {"status": "draft"}), own("corrections", nest_corrections(text, 1))
    bring(wxr.item(1, *metas), wxr.item(2))
    article = Article.objects.get(slug="post-1")
    assert (article.corrections, Article.objects.count()) == ([], 2)


def test_an_earlier_text_has_no_earlier_ones(bring):
    bring(
        wxr.item(
            1, own("article", {"status": "draft"}), own("corrections", nest_corrections("a", 450))
        )
    )
    [correction] = Article.objects.get().corrections
    [earlier] = correction["earlier"]
    assert "earlier" not in earlier


def test_rules_of_redirects_come_along_and_others_are_told(bring):
    report = bring(
        wxr.item(1, slug="a"),
        rule(2, "/old", "/2020/01/post-1/"),
        rule(3, "/older/", "/elsewhere/"),
        rule(4, "/all/*", "/elsewhere/"),
        rule(5, "/away/", "https://other.example/"),
        rule(6, "/loop/", "/loop"),
    )
    found = dict(Redirect.objects.values_list("path", "to_path"))
    assert Redirect.objects.for_path("/old").article == Article.objects.get()
    assert found["/older"] == "/elsewhere/"
    assert not {"/all/*", "/away", "/loop"} & found.keys()
    assert report.remarks["redirect left out: it is not from one path to another"] == 3


def test_the_related_articles_of_an_export_are_here_or_in_it(bring):
    here = factories.article(slug="here")
    meta = own("article", {"status": "draft"}), own("related", ["post-2", "gone", "here", "post-1"])
    bring(wxr.item(1, *meta), wxr.item(2))
    article = Article.objects.get(slug="post-1")
    assert [link.related.slug for link in article.related_links.all()] == ["post-2", here.slug]
