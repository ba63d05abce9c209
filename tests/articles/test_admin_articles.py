"""The form and the list of articles in the admin."""

from datetime import timedelta

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, ArticleSource
from tests import factories, pictures
from tests.articles.admin_forms import (
    ADD,
    address,
    errors_of,
    filled_in,
    form_of,
    ready,
    saved,
)
from tests.reading import parsed, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LIST = "/admin/articles/article/"


@pytest.fixture
def article():
    return factories.article(title="港の灯台", slug="lighthouse")


def titles(browser, **query):
    """The titles that the list shows."""
    return [article.title for article in browser.get(LIST, query).context["cl"].result_list]


def act(browser, action, *articles, **fields):
    chosen = {ACTION_CHECKBOX_NAME: [article.pk for article in articles]}
    sent = {"action": action, "confirmed": "on", **chosen, **fields}
    return browser.post(LIST, sent, follow=True)


# States


def test_publishing_without_a_date_publishes_now(editor):
    article = saved(editor.post(ADD, ready(_state="published", author=editor.user.pk)))
    assert article.is_published
    assert article.author == editor.user


def test_a_date_to_come_schedules(editor):
    tomorrow = timezone.localtime() + timedelta(days=1)
    moment = {"published_at_0": f"{tomorrow:%Y-%m-%d}", "published_at_1": "06:00:00"}
    article = saved(editor.post(ADD, ready(_state="scheduled", **moment)))
    assert article.is_scheduled
    assert titles(editor, state="scheduled") == [article.title]
    assert "予約" in editor.get(LIST).content.decode()


def test_an_article_cannot_expire_before_it_is_published(editor):
    moments = {"published_at_0": "2026-03-02", "published_at_1": "06:00:00"}
    moments |= {"expires_at_0": "2026-03-01", "expires_at_1": "06:00:00"}
    errors = errors_of(editor.post(ADD, ready(_state="published", **moments)))
    assert errors.keys() == {"__all__"}


def test_a_withdrawal_needs_a_note(editor, article):
    answer = editor.post(address(article, "withdraw"), {"note": " "})
    assert answer.status_code == 200
    article.refresh_from_db()
    assert article.status == "published"
    article.withdraw(note="誤報")
    answer = editor.post(address(article), form_of(article, withdrawal_note=" "))
    assert "withdrawal_note" in errors_of(answer)


def test_a_withdrawn_article_shows_its_note_in_place_of_itself(editor, client, article):
    editor.post(address(article, "withdraw"), {"note": "数値に誤りがありました。"})
    page = client.get(article.get_absolute_url())
    assert page.status_code == 410
    assert "数値に誤りがありました。" in page.content.decode()


def test_many_are_withdrawn_with_one_note(editor, article):
    other = factories.article()
    page = act(editor, "withdraw", article, other)
    assert page.templates[0].name == "admin/articles/article/withdraw.html"
    act(editor, "withdraw", article, other, note="差し替えます。")
    assert set(Article.objects.values_list("status", "withdrawal_note")) == {
        ("withdrawn", "差し替えます。")
    }


def test_the_form_offers_what_may_come_next(editor):
    article = factories.article(category=factories.category())

    def buttons():
        return [value for value, _label in editor.get(address(article)).context["state_buttons"]]

    assert buttons() == ["draft"]
    article.return_to_draft()
    assert buttons() == ["review", "published", "scheduled"]
    article.publish()
    article.published_at = timezone.now() + timedelta(days=1)
    article.schedule()
    assert buttons() == ["published", "draft"]
    article.publish(at=timezone.now())
    article.withdraw(note="誤報")
    assert buttons() == ["published", "draft"]


# Addresses


@pytest.mark.parametrize(
    ("title", "slug"),
    [("港の「朝」、霧", "港の朝霧"), ("Port & Sea", "port-sea"), ("★★★", "article")],
)
def test_a_slug_left_blank_is_made_of_the_title(editor, title, slug):
    assert saved(editor.post(ADD, filled_in(title=title))).slug == slug


def test_the_same_title_twice_gets_two_addresses(editor):
    slugs = [saved(editor.post(ADD, filled_in(title="朝市"))).slug for _time in range(3)]
    assert slugs == ["朝市", "朝市-2", "朝市-3"]


def test_a_changed_slug_leaves_a_redirect(editor, client, article):
    editor.post(address(article), form_of(article, slug="old-lighthouse"))
    answer = client.get("/articles/lighthouse/")
    assert (answer.status_code, answer.url) == (301, "/articles/old-lighthouse/")


# Content


def test_changed_content_of_a_published_article_is_an_update(editor, article):
    before = article.updated_at
    editor.post(address(article), form_of(article, featured="on"))
    article.refresh_from_db()
    assert article.updated_at == before
    editor.post(address(article), form_of(article, body="<p>追記。</p>"))
    article.refresh_from_db()
    assert article.updated_at > before


def test_the_same_words_in_the_editors_markup_are_no_update(editor, article):
    stored = "<table><tbody><tr><td>霧</td></tr></tbody></table><ul><li>船</li></ul>"
    Article.objects.filter(pk=article.pk).update(body=stored)
    written = stored.replace("霧", "<p>霧</p>").replace("船", "<p>船</p>")
    before = article.updated_at
    editor.post(address(article), form_of(article, body=written))
    article.refresh_from_db()
    assert article.body == written
    assert article.updated_at == before
    editor.post(address(article), form_of(article, body=written.replace("船", "帆")))
    article.refresh_from_db()
    assert article.updated_at > before


def test_a_new_source_of_a_published_article_is_an_update_too(editor, article):
    before = article.updated_at
    sources = [{"title": "航路図", "publisher": "", "url": "", "position": ""}]
    editor.post(address(article), form_of(article, sources=sources))
    article.refresh_from_db()
    assert article.updated_at > before


def test_work_on_a_draft_is_no_update(editor, article):
    Article.objects.filter(pk=article.pk).update(status="draft")
    before = article.updated_at
    editor.post(address(article), form_of(article, body="<p>追記。</p>"))
    article.refresh_from_db()
    assert article.updated_at == before
    assert article.body == "<p>追記。</p>"


def test_the_body_is_sanitized_and_comes_back_with_its_pictures(editor, article):
    picture = pictures.in_library(copyright="港湾局")
    body = (
        f'<p onclick="x()">霧<script>alert(1)</script></p><figure class="figure">'
        f'<img src="https://evil.example/a.png" data-file="{picture.pk}" alt="桟橋">'
        f"<figcaption>船</figcaption></figure>"
    )
    editor.post(address(article), form_of(article, body=body))
    article.refresh_from_db()
    assert "evil" not in article.body and "script" not in article.body
    shown = editor.get(address(article)).context["adminform"].form["body"].as_widget()
    assert picture.image_file.w960 in shown


def test_a_caption_that_lost_its_figure_becomes_a_paragraph(editor, article):
    body = "<table><tbody><tr><td>霧</td></tr></tbody></table><figcaption>表の説明</figcaption>"
    editor.post(address(article), form_of(article, body=body))
    article.refresh_from_db()
    assert article.body.endswith("</table><p>表の説明</p>")


def test_tags_are_split_at_either_comma_and_made_once(editor, article):
    editor.post(address(article), form_of(article, tags=["港、霧", "AI,ai", " 朝  市 "]))
    assert list(article.tags.names()) == ["港", "霧", "AI", "朝 市"]
    editor.post(address(article), form_of(article, tags=["霧", "港"]))
    assert set(article.tags.names()) == {"港", "霧"}


@pytest.mark.parametrize("tag", ["★", "あ" * 101, "a\0b"])
def test_a_tag_that_could_have_no_address_is_refused(editor, article, tag):
    assert "tags" in errors_of(editor.post(address(article), form_of(article, tags=[tag])))


def test_tags_are_suggested_by_name(editor, article):
    article.tags.add("港湾", "霧")
    answer = editor.get(reverse("admin:taggit_tag_names"), {"term": "港"})
    assert answer.json()["results"] == [{"id": "港湾", "text": "港湾"}]


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "a\0b"},
        {"body": "<p>a\0b</p>"},
        {"lead_image": "9" * 40},
        {"lead_image": "x"},
        {"category": "9" * 40},
        {"kind": "forged"},
        {"slug": "../x"},
        {"published_at_0": "0000-00-00", "published_at_1": "99:99"},
    ],
    ids=str,
)
def test_bad_input_is_an_error_of_the_form(editor, article, fields):
    assert errors_of(editor.post(address(article), form_of(article, **fields)))
    article.refresh_from_db()
    assert article.title == "港の灯台"


# Inlines


def source(title, position="", **fields):
    return {"title": title, "publisher": "", "url": "", "position": position, **fields}


def sources_of(article):
    return list(ArticleSource.objects.filter(article=article).values_list("title", flat=True))


def test_sources_without_a_number_follow_in_the_order_of_the_form(editor, article):
    editor.post(address(article), form_of(article, sources=[source("甲"), source("乙")]))
    stored = [
        source(row.title, row.position, id=row.pk, article=article.pk)
        for row in article.sources.all()
    ]
    answer = form_of(article, sources=[*stored, source("丙"), source("丁", 1)])
    editor.post(address(article), answer)
    assert sources_of(article) == ["甲", "丁", "乙", "丙"]


def test_numbers_order_the_sources(editor, article):
    editor.post(address(article), form_of(article, sources=[source("甲", 2), source("乙", 1)]))
    assert sources_of(article) == ["乙", "甲"]


def test_an_article_is_not_related_to_itself_nor_twice_to_another(editor, article):
    other = factories.article()
    for chosen in ([article], [other, other]):
        related = [{"related": link.pk, "position": ""} for link in chosen]
        answer = editor.post(address(article), form_of(article, related=related))
        assert answer.status_code == 200
    assert not article.related_links.exists()


# The list


def test_the_list_filters_by_state_category_and_words(editor):
    parent = factories.category("国内")
    child = factories.category("教育", parent=parent)
    soon = timezone.now() + timedelta(days=1)
    past = timezone.now() - timedelta(minutes=1)
    factories.article(title="公開", category=child, lead="霧の朝")
    factories.article(title="予約", published_at=soon)
    factories.article(title="終了", expires_at=past)
    factories.article(title="下書き", status="draft", body="<p>灯台の話</p>")
    assert titles(editor, state="public") == ["公開"]
    assert titles(editor, state="scheduled") == ["予約"]
    assert titles(editor, state="expired") == ["終了"]
    assert titles(editor, state="draft") == ["下書き"]
    assert titles(editor, category=parent.pk) == ["公開"]
    assert titles(editor, category="forged") == titles(editor, category="9" * 40)
    assert titles(editor, q="霧の朝") == ["公開"]
    assert titles(editor, q="灯台") == ["下書き"]


def test_unpublished_work_comes_first_then_the_newest(editor):
    old = timezone.now() - timedelta(days=3)
    factories.article(title="古い", published_at=old)
    factories.article(title="新しい")
    factories.article(title="原稿", status="draft", published_at=None)
    assert titles(editor) == ["原稿", "新しい", "古い"]


def test_the_list_costs_as_much_for_many_as_for_few(editor, django_assert_max_num_queries):
    def fill(count):
        for _number in range(count):
            article = factories.article(category=factories.category(), author=editor.user)
            factories.comment(article)

    fill(2)
    editor.get(LIST)
    with django_assert_max_num_queries(14) as few:
        editor.get(LIST)
    fill(8)
    with django_assert_max_num_queries(14) as many:
        editor.get(LIST)
    assert len(few) == len(many)


# Deleting


@pytest.mark.parametrize(
    "path", ["/admin/articles/article/?state=nothing", "/admin/articles/mediafile/?kind=nothing"]
)
def test_an_unknown_filter_shows_all_and_marks_so(editor, path):
    page = parsed(editor.get(path))
    [current] = page.xpath("//nav[contains(@class, 'filters__states')]/a[@aria-current]")
    assert text(current).startswith("すべて")
