"""What the list of articles shows, and what its forms send."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Article
from tests import factories, pictures
from tests.reading import parsed, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LIST = "/admin/articles/article/"


def find_part(row, name):
    return text(row.xpath(f".//*[contains(concat(' ', @class, ' '), ' {name} ')]")[0])


def test_a_row_says_state_headline_section_author_tags_comments_and_picture(editor):
    image = pictures.in_library()
    article = factories.article(
        title="港の灯台", category=factories.category("文化"), author=editor.user, lead_image=image
    )
    article.tags.add("灯台", "港")
    factories.comment(article)
    [row] = parsed(editor.get(LIST)).xpath("//ol[@class='rows']/li")
    assert find_part(row, "state__word") == "公開"
    assert find_part(row, "rows__title") == "港の灯台"
    meta = find_part(row, "rows__meta").split()
    assert (meta[:2], set(meta[2:])) == (["文化", "編集"], {"#灯台", "#港"})
    assert row.xpath(".//a[@class='rows__count']/@href") == [
        f"/admin/comments/comment/?thread__id__exact={article.thread.pk}"
    ]
    assert row.xpath(".//img/@alt") == [""]
    assert row.xpath(".//input/@aria-label") == ["「港の灯台」を選ぶ"]


def test_states_are_tabs_with_their_numbers(editor):
    now = timezone.now()
    for title, fields in {
        "下": {"status": "draft", "published_at": None},
        "確": {"status": "review"},
        "予": {"published_at": now + timedelta(days=1)},
        "公": {},
        "終": {"expires_at": now - timedelta(minutes=1)},
        "取": {"status": "withdrawn"},
    }.items():
        factories.article(title=title, **fields)
    page = parsed(editor.get(LIST))
    tabs = page.xpath("//nav[contains(@class, 'filters__states')]/a")
    assert [text(tab).split() for tab in tabs] == [
        *(["すべて", "6"], ["下書き", "1"], ["確認中", "1"], ["予約", "1"], ["公開", "1"]),
        *(["公開終了", "1"], ["取り下げ", "1"]),
    ]
    for tab in tabs[1:]:
        answer = editor.get(LIST + tab.get("href"))
        assert answer.context["cl"].result_count == 1
        assert len(answer.context["cl"].result_list) == 1
        current = parsed(answer).xpath("//nav//a[@aria-current='page']")
        assert [text(tab) for tab in current] == [text(tab)]


def test_a_writer_counts_only_own_work(writer):
    factories.article()
    factories.article(status="draft", author=writer.user)
    tabs = parsed(writer.get(LIST)).xpath("//nav[contains(@class, 'filters__states')]/a")
    assert [text(tab).split() for tab in tabs] == [["すべて", "1"], ["下書き", "1"]]


def test_the_age_of_work_is_said_and_the_day_of_what_is_public(editor):
    draft = factories.article(title="原稿", status="draft", published_at=None)
    draft.history.update(history_date=timezone.now() - timedelta(minutes=47))
    old = timezone.make_aware(timezone.datetime(2019, 3, 1, 9))
    factories.article(title="古い", published_at=old)
    page = parsed(editor.get(LIST))
    assert [text(time) for time in page.xpath("//*[@class='state__time']")] == [
        "47分前",
        "2019/3/1",
    ]


def test_a_button_of_the_list_changes_what_is_chosen_without_a_script(editor):
    chosen, other = factories.article(status="draft"), factories.article(status="draft")
    form = parsed(editor.get(LIST)).xpath("//form[contains(@class, 'bulk')]")[0]
    buttons = {text(button): button.get("value") for button in form.xpath(".//button[@name]")}
    fields = {"action": buttons["確認に出す"], "_selected_action": [chosen.pk]}
    page = parsed(editor.post(LIST, fields, follow=True))
    assert "確認に出しました" in text(page.xpath("//ul[contains(@class, 'messages')]")[0])
    assert Article.objects.get(pk=chosen.pk).status == "review"
    assert Article.objects.get(pk=other.pk).status == "draft"


def test_a_long_list_has_pages(editor):
    for _number in range(51):
        factories.article()
    page = parsed(editor.get(LIST))
    [second] = page.xpath("//nav[@class='pagination']//a[text()='2']/@href")
    assert len(editor.get(LIST + second).context["cl"].result_list) == 1
    assert editor.get(LIST, {"p": "99"}).status_code == 302
