"""Two editors save the same article: both their words are in the result or in its history."""

import pytest

from tests import factories, staff
from tests.articles.admin_forms import address, errors_of, form_of, see_preview
from tests.reading import parsed, text

pytestmark = pytest.mark.django_db
BODY = "<p>一つ目。</p><p>二つ目。</p><h2>三つ目</h2><p>四つ目。</p>"


@pytest.fixture
def article():
    article = factories.article(title="港の灯台", slug="lighthouse", lead="朝。", body=BODY)
    article.tags.set(["港", "船"])
    article.sources.create(title="記録", url="https://example.jp/", position=1)
    article.save_whole(lambda: None)
    return article


@pytest.fixture
def colleague():
    user = staff.member("colleague", "Editor", display_name="早瀬")
    return staff.browser_of(user)


def newest(article):
    return article.history.first()


def stored_rows(article):
    return [
        {"id": source.pk, "article": article.pk, "title": source.title, "url": source.url}
        for source in article.sources.all()
    ]


def open_form(article, **fields):
    """What a form opened now sends, changed by what is given."""
    fields = {"sources": stored_rows(article), "seen": newest(article).pk} | fields
    return form_of(article, **fields)


def save_first(colleague, article, **fields):
    answer = colleague.post(address(article), open_form(article, **fields))
    assert answer.status_code == 302
    article.refresh_from_db()


def shown_form(answer):
    """Return the fields that the page sends along, and the choices it offers."""
    assert answer.status_code == 409, "nothing is asked"
    fields, offered = {}, {}
    for element in parsed(answer).xpath("//form[@class='merge']//*[@name]"):
        name, value = element.get("name"), element.get("value", "")
        if element.get("type") == "radio":
            offered.setdefault(name, []).append(value)
            if element.get("checked") is not None:
                fields[name] = value
        elif element.tag != "button":
            text = (element.text or "").removeprefix("\n")
            fields.setdefault(name, []).append(text if element.tag == "textarea" else value)
    return fields, offered


def test_what_does_not_overlap_is_taken_and_told(editor, colleague, article):
    mine = open_form(
        article,
        title="わたしの題",
        body=BODY.replace("二つ目。", "わたしの二つ目。"),
        tags=["港", "船", "わたし"],
    )
    related = factories.article(title="関連")
    added = {"title": "相手の記録", "url": "https://example.com/"}
    save_first(
        colleague,
        article,
        lead="相手の朝。",
        body=BODY.replace("四つ目。", "相手の四つ目。"),
        tags=["港", "相手"],
        sources=[*stored_rows(article), added],
        related=[{"related": related.pk}],
    )
    before = article.history.count()
    saved = editor.post(address(article), mine, follow=True)
    assert saved.status_code == 200
    assert "早瀬さんの変更" in saved.content.decode()
    article.refresh_from_db()
    assert (article.title, article.lead) == ("わたしの題", "相手の朝。")
    assert article.body == BODY.replace("二つ目。", "わたしの二つ目。").replace(
        "四つ目。", "相手の四つ目。"
    )
    assert set(article.tags.names()) == {"港", "わたし", "相手"}
    assert [source.title for source in article.sources.all()] == ["記録", "相手の記録"]
    assert [link.related for link in article.related_links.all()] == [related]
    assert article.history.count() == before + 1


def test_what_overlaps_is_chosen_piece_by_piece(editor, colleague, article):
    mine = open_form(
        article,
        title="わたしの題",
        lead="わたしの朝。",
        body=BODY.replace("二つ目。", "わたしの二つ目。").replace("四つ目。", "わたしの四つ目。"),
    )
    theirs = BODY.replace("二つ目。", "相手の二つ目。").replace("四つ目。", "相手の四つ目。")
    save_first(colleague, article, title="相手の題", lead="朝。", body=theirs, tags=["船"])
    asked = editor.post(address(article), mine)
    page = asked.content.decode()
    assert "早瀬さんが" in page
    fields, offered = shown_form(asked)
    assert len(offered) == 3
    assert article.history.count() == 2 + 1

    undecided = editor.post(address(article), fields)
    assert shown_form(undecided)[1] == offered
    title, second, fourth = offered
    assert offered[title] == ["mine", "theirs"]
    assert offered[second] == ["both", "mine", "theirs"]
    chosen = fields | {title: "theirs", second: "both", fourth: "mine"}
    shown = see_preview(editor, article, chosen).content.decode()
    assert "相手の題" in shown
    assert shown.index("わたしの二つ目") < shown.index("相手の二つ目")
    article.refresh_from_db()
    assert article.title == "相手の題"

    assert editor.post(address(article), chosen).status_code == 302
    article.refresh_from_db()
    assert (article.title, article.lead) == ("相手の題", "わたしの朝。")
    assert article.body == (
        "<p>一つ目。</p><p>わたしの二つ目。</p><p>相手の二つ目。</p><h2>三つ目</h2>"
        "<p>わたしの四つ目。</p>"
    )
    assert list(article.tags.names()) == ["船"]
    assert newest(article).title == "相手の題"
    own = article.history.get(title="わたしの題")
    assert "わたしの二つ目" in own.body
    assert own.history_user == editor.user
    assert own.history_change_reason
    assert article.history.filter(body=theirs).exists()
    history = editor.get(address(article, "history"))
    assert own.history_change_reason in history.content.decode()


@pytest.mark.parametrize(("side", "title"), [("mine", "わたしの題"), ("theirs", "相手の題")])
def test_one_side_is_chosen_everywhere(editor, colleague, article, side, title):
    mine = open_form(article, title="わたしの題", body=BODY.replace("一つ目。", "わたし。"))
    save_first(colleague, article, title="相手の題", body=BODY.replace("一つ目。", "相手。"))
    fields, _offered = shown_form(editor.post(address(article), mine))
    chosen, offered = shown_form(editor.post(address(article), fields | {"_all": side}))
    assert {chosen[name] for name in offered} == {side}
    assert editor.post(address(article), chosen).status_code == 302
    article.refresh_from_db()
    assert article.title == title


def test_a_third_version_is_asked_about_again(editor, colleague, article):
    mine = open_form(article, title="わたしの題")
    save_first(colleague, article, title="相手の題")
    fields, [title] = shown_form(editor.post(address(article), mine))
    save_first(colleague, article, title="その後の題")
    again = editor.post(address(article), fields | {title: "mine"})
    assert "その後の題" in again.content.decode()
    article.refresh_from_db()
    assert article.title == "その後の題"
    fields, [title] = shown_form(again)
    assert editor.post(address(article), fields | {title: "mine"}).status_code == 302
    article.refresh_from_db()
    assert article.title == "わたしの題"


def test_errors_of_the_own_form_come_first_and_a_second_save_overwrites_nothing(
    editor, colleague, article
):
    mine = open_form(article, title="", body=BODY.replace("一つ目。", "わたし。"))
    save_first(colleague, article, title="相手の題", body=BODY.replace("一つ目。", "相手。"))
    refused = editor.post(address(article), mine)
    assert errors_of(refused)["title"]
    assert "早瀬" in errors_of(refused)["__all__"][0]
    seen = refused.context["adminform"].form["seen"].value()
    again = editor.post(address(article), mine | {"title": "わたしの題", "seen": seen})
    assert len(shown_form(again)[1]) == 2
    article.refresh_from_db()
    assert article.title == "相手の題"


def test_dates_pictures_and_categories_are_merged(editor, colleague, article):
    politics, culture = factories.category("政治"), factories.category("文化")
    mine = open_form(article, category=politics.pk, other_categories=[culture.pk])
    save_first(
        colleague,
        article,
        category=culture.pk,
        expires_at_0="2030-01-02",
        expires_at_1="03:04:05",
        featured="on",
    )
    asked = editor.post(address(article), mine)
    assert "政治" in asked.content.decode()
    fields, [category] = shown_form(asked)
    assert editor.post(address(article), fields | {category: "theirs"}).status_code == 302
    article.refresh_from_db()
    assert article.category == culture
    assert article.featured
    assert article.expires_at is not None
    assert list(article.other_categories.all()) == [culture]


@pytest.mark.once
def test_without_the_common_version_every_difference_is_asked_about(editor, colleague, article):
    mine = open_form(article, title="わたしの題")
    base = newest(article).pk
    save_first(colleague, article, lead="相手の朝。")
    article.history.filter(pk=base).delete()
    _fields, offered = shown_form(editor.post(address(article), mine))
    assert {name.partition("-")[2] for name in offered} >= {"title", "lead"}


@pytest.mark.once
def test_who_lost_the_right_to_change_merges_nothing(colleague, article):
    writer = staff.writer()
    article.author = writer
    article.return_to_draft()
    mine = open_form(article, title="わたしの題")
    save_first(colleague, article, title="相手の題", _state="review")
    article.author = None
    article.save()
    assert staff.browser_of(writer).post(address(article), mine).status_code in (302, 403)
    article.refresh_from_db()
    assert article.title == "相手の題"


def test_two_tabs_of_one_editor_are_called_tabs(editor, article):
    mine = open_form(article, title="このタブの題")
    save_first(editor, article, title="別のタブの題")
    page = editor.post(address(article), mine)
    words = text(parsed(page).xpath("//form[@class='merge']")[0])
    assert "別のタブで" in words and "すべて別のタブの" in words
    assert "相手の" not in words and str(newest(article).history_user) not in words
    refused = editor.post(address(article), mine | {"title": ""})
    assert "別のタブ" in " ".join(errors_of(refused)["__all__"])
