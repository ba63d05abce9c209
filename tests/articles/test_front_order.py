"""The order of the front page by hand: pins, their ends, and two editors at once."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from time import sleep

import pytest
from django.db import connection, transaction
from django.utils import timezone

from articles.admin.front_order import Order
from articles.lookup import find_next_change
from articles.models import FrontPage, FrontPin
from tests import factories, staff
from tests.reading import read, texts

pytestmark = pytest.mark.django_db

PAGE = "/admin/articles/article/front/"


@pytest.fixture
def editor():
    return staff.browser_of(staff.editor())


@pytest.fixture
def articles():
    hours = range(1, 19)
    return [
        factories.article(
            title=f"記事{hour}",
            slug=f"a{hour}",
            published_at=timezone.now() - timedelta(hours=hour),
        )
        for hour in hours
    ]


def pin(*articles, until=None):
    places = [(article.pk, until) for article in articles]
    assert FrontPage.arrange(places, by=None, seen=FrontPage.load().number)


def send(browser, opened, *rows, **fields):
    """Send the page that was opened; a row is an article, its number and more of its fields."""
    order = opened.context["order"]
    data = {"seen": order.seen, "base": order.base_text, "article": []} | fields
    for article, number, *more in rows:
        data["article"].append(article.pk)
        data[f"{article.pk}-position"] = number
        for name, value in (more[0] if more else {}).items():
            data[f"{article.pk}-{name}"] = value
    return browser.post(PAGE, data)


def list_pins():
    return [pin.article.title for pin in FrontPin.objects.select_related("article")]


class TestReaders:
    def test_pinned_articles_come_first_and_the_rest_by_rule(self, client, articles):
        pin(articles[6], articles[15])
        page = read(client, "/")
        assert texts(page, "lead-story__title") == ["記事7"]
        assert texts(page, "opening__beside", "row__title") == ["記事16", "記事1", "記事2", "記事3"]

    def test_a_pin_stands_above_a_featured_article_and_below_breaking_news(self, client, articles):
        articles[3].featured = True
        articles[3].save()
        articles[4].breaking_until = timezone.now() + timedelta(hours=1)
        articles[4].save()
        pin(articles[4], articles[5])
        page = read(client, "/")
        assert texts(page, "breaking__title") == ["記事5"]
        assert texts(page, "lead-story__title") == ["記事6"]
        assert texts(page, "opening__beside", "row__title")[0] == "記事4"

    def test_a_pin_ends_by_itself_and_readers_see_no_hidden_article(self, client, articles):
        pin(articles[5], until=timezone.now() - timedelta(seconds=1))
        articles[6].withdraw(note="誤り。")
        assert texts(read(client, "/"), "lead-story__title") == ["記事1"]
        pin(articles[6])
        assert texts(read(client, "/"), "lead-story__title") == ["記事1"]

    def test_the_end_of_a_pin_changes_pages(self, articles):
        until = timezone.now() + timedelta(minutes=3)
        pin(articles[5], until=until)
        assert find_next_change() == until


class TestEditors:
    def test_numbers_order_the_pins_without_a_script(self, editor, articles):
        first, second, third = articles[:3]
        opened = editor.get(PAGE)
        answer = send(editor, opened, (first, 3), (second, 1), (third, 2))
        assert answer.status_code == 302
        assert list_pins() == ["記事2", "記事3", "記事1"]

    def test_an_article_is_added_by_choice_or_address_and_leads(self, editor, articles):
        pin(articles[0])
        row = (articles[0], 1)
        send(editor, editor.get(PAGE), row, add=articles[4].pk)
        assert list_pins() == ["記事5", "記事1"]
        opened = editor.get(PAGE)
        send(editor, opened, (articles[4], 1), (articles[0], 2), address="/articles/a9/")
        assert list_pins() == ["記事9", "記事5", "記事1"]

    def test_a_pin_has_an_end_and_is_taken_off(self, editor, articles):
        row = (articles[0], 1, {"until": "2040-01-02T06:30"})
        send(editor, editor.get(PAGE), row, (articles[1], 2))
        pin = FrontPin.objects.get(article=articles[0])
        assert timezone.localtime(pin.until).strftime("%Y-%m-%d %H:%M") == "2040-01-02 06:30"
        opened = editor.get(PAGE)
        assert 'value="2040-01-02T06:30"' in opened.content.decode()
        send(editor, opened, (articles[0], 1, {"remove": "on"}), (articles[1], 2))
        assert list_pins() == ["記事2"]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"row": {"until": "tomorrow"}},
            {"row": {"until": "0001-01-01T00:00"}},
            {"row": {"until": "9999-12-31T23:59"}},
            {"row": {"position": "-1"}},
            {"row": {"position": "x"}},
            {"address": "/articles/nothing/"},
            {"address": "/articles/draft/"},
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(self, editor, articles, wrong):
        factories.article(slug="draft", status="draft")
        row = {"until": "2040-01-02T06:30"} | wrong.get("row", {})
        fields = {key: value for key, value in wrong.items() if key != "row"}
        answer = send(editor, editor.get(PAGE), (articles[0], 1, row), **fields)
        html = answer.content.decode()
        assert answer.status_code == 200
        assert 'role="alert"' in html
        assert "記事1" in html
        assert not FrontPin.objects.exists()

    def test_there_are_no_more_pins_than_places(self, editor, articles):
        rows = [(article, number) for number, article in enumerate(articles[:11])]
        assert send(editor, editor.get(PAGE), *rows).status_code == 200
        assert not FrontPin.objects.exists()
        assert send(editor, editor.get(PAGE), *rows[:10]).status_code == 302

    def test_two_editors_lose_no_order(self, editor, articles):
        pin(articles[0], articles[1])
        other = staff.browser_of(staff.editor("other"))
        opened, seen_by_other = editor.get(PAGE), other.get(PAGE)
        mine = (articles[1], 1), (articles[0], 2)
        theirs = (articles[0], 1), (articles[1], 2), (articles[7], 3)
        assert send(other, seen_by_other, *theirs).status_code == 302
        answer = send(editor, opened, *mine, add=articles[8].pk)
        assert answer.status_code == 409
        assert list_pins() == ["記事1", "記事2", "記事8"]
        joined = [row["shown"].title for row in answer.context["order"].rows]
        assert joined == ["記事9", "記事2", "記事1", "記事8"]
        assert "編集" in answer.content.decode()
        rows = [(row["shown"], number) for number, row in enumerate(answer.context["order"].rows)]
        assert send(editor, answer, *rows).status_code == 302
        assert list_pins() == joined

    def test_what_was_deleted_meanwhile_is_left_out_and_told(self, editor, articles):
        opened, gone = editor.get(PAGE), articles[0].pk
        articles[0].delete()
        articles[0].pk = gone
        assert send(editor, opened, (articles[0], 1), (articles[1], 2)).status_code == 302
        assert list_pins() == ["記事2"]
        assert "1件の記事はこの間に削除されたため" in editor.get(PAGE).content.decode()

    @pytest.mark.django_db(transaction=True)
    def test_a_deletion_at_the_same_time_is_no_error(self):
        article, kept = factories.article(), factories.article(title="残る")
        rows = [{"article": each.pk, "until": ""} for each in (article, kept)]
        order, has_begun = Order(rows, base=[], seen=0), Event()

        def save():
            has_begun.set()
            try:
                return order.save(by=None)
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                article.delete()
                saving = pool.submit(save)
                has_begun.wait()
                sleep(0.2)  # it reads now, or waits
            assert saving.result()
        assert (order.gone, list_pins()) == (1, ["残る"])

    def test_what_a_colleague_took_off_stays_off(self, editor, articles):
        pin(articles[0], articles[1])
        opened = editor.get(PAGE)
        pin(articles[1])
        answer = send(editor, opened, (articles[0], 2), (articles[1], 1))
        assert [row["article"] for row in answer.context["order"].rows] == [articles[1].pk]

    @pytest.mark.parametrize(
        "until", ["2099-01-05T03:04Z", "2099-1-5T3:4", " 2099-01-05T03:04 ", "2099-01-05"]
    )
    def test_an_end_is_taken_as_the_form_reads_it(self, editor, articles, until):
        row = {"until": until}
        assert send(editor, editor.get(PAGE), (articles[0], 1, row)).status_code == 302
        assert FrontPin.objects.get().until.year == 2099

    @pytest.mark.parametrize(
        "base",
        [
            *("", "x", "{}", "[1]", json.dumps([{"article": "x"}])),
            *('[{"article": 1e999, "until": ""}]', "[" * 100_000),
        ],
        ids=range(7),
    )
    def test_a_tampered_form_saves_or_asks_and_never_fails(self, editor, articles, base):
        data = {"seen": "x", "base": base, "article": ["x", articles[0].pk, "9" * 30]}
        assert editor.post(PAGE, data).status_code in {302, 409}

    @pytest.mark.parametrize("person", ["writer", "moderator"])
    def test_others_have_no_such_page(self, person):
        browser = staff.browser_of(getattr(staff, person)())
        assert browser.get(PAGE).status_code == 403
        assert browser.post(PAGE, {"add": 1}).status_code == 403
