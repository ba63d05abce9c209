"""The page that compares any two versions of an article, and the page that restores one."""

import pytest
from django.utils import timezone

from articles.models import ArticleChange, WorkingCopy
from articles.models.article_change import read_content
from tests import factories, pictures, staff
from tests.articles.admin_forms import address, form_of
from tests.reading import parsed, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]
FIRST = "<p>石炭およそ二百トン。</p><p>船が出る。</p>"
SECOND = "<p>石炭二百十二トン。</p><p>船が出る。</p>"


@pytest.fixture
def article(editor):
    """An article with two versions."""
    fields = {"author": editor.user, "category": factories.category(), "body": FIRST}
    article = factories.article(title="港の灯台", lead="朝。", **fields)
    return save_version(article, editor.user, body=SECOND)


def save_version(article, user, reason="", **fields):
    for name, value in fields.items():
        setattr(article, name, value)
    article._history_user, article._change_reason = user, reason or None
    article.save_whole(lambda: None)
    return article


def list_keys(article):
    """Return the keys of the versions, the newest first."""
    return [str(pk) for pk in article.history.values_list("pk", flat=True)]


def compare(browser, article, **query):
    answer = browser.get(address(article, "history"), query)
    assert answer.status_code == 200
    return answer


def find_texts(answer, path):
    return [element.text_content() for element in parsed(answer).xpath(path)]


def read_marked(answer, tag):
    """Return what is marked as removed (del) or added (ins) in the text."""
    for hidden in (page := parsed(answer)).xpath("//*[@class='hidden-text']"):
        hidden.text = None
    return [each.text_content() for each in page.xpath(f"//*[@class='compare__changes']//{tag}")]


def test_the_newest_is_compared_with_the_one_before(editor, article):
    answer = compare(editor, article)
    assert read_marked(answer, "del") == ["およそ二百"]
    assert read_marked(answer, "ins") == ["二百十二"]
    assert "変わらない" in text(parsed(answer))
    assert len(parsed(answer).xpath("//input[@type='radio'][@checked]")) == 2


def test_any_two_are_compared_in_both_directions(editor, article):
    save_version(article, editor.user, title="港の燈台")
    keys = list_keys(article)
    answer = compare(editor, article, old=keys[0], new=keys[-1])
    assert read_marked(answer, "ins") == ["灯台", "およそ二百"]
    assert answer.context["new"].key == keys[-1]
    same = compare(editor, article, old=keys[1], new=keys[1])
    assert "二つの版は同じです" in text(parsed(same))


@pytest.mark.parametrize("key", ["0", "9" * 30, "x", "change", "copy", "-1", "١"])
def test_a_version_that_is_not_there_is_the_newest(editor, article, key):
    assert compare(editor, article, new=key).context["new"].key == list_keys(article)[0]


def test_a_version_of_another_article_is_not_shown(editor, article):
    other = factories.article(title="秘密の題", status="draft")
    other.save_whole(lambda: None)
    page = compare(editor, article, old=list_keys(other)[0]).content.decode()
    assert "秘密の題" not in page


def test_links_pictures_fields_and_lists_are_compared(editor, article):
    first, second = (
        pictures.stored_once(image_alt_text=name, copyright="本紙") for name in ("灯台", "桟橋")
    )
    figure = '<figure><img data-file="{}"><figcaption>港。</figcaption></figure>'
    body = SECOND + figure.format(first.pk) + '<p><a href="https://a.example/">記事</a></p>'
    article.tags.set(["港", "船"])
    save_version(article, editor.user, body=body, lead_image=first)
    article.tags.set(["船", "海"])
    body = body.replace(figure.format(first.pk), figure.format(second.pk)).replace(
        "a.example", "b.example"
    )
    article.sources.create(title="海図", url="https://example.jp/", position=1)
    save_version(article, editor.user, body=body, lead_image=second)
    answer = compare(editor, article)
    assert any("a.example" in words for words in read_marked(answer, "del"))
    assert any("b.example" in words for words in read_marked(answer, "ins"))
    assert len(parsed(answer).xpath("//*[@class='compare__changes']//ins//img")) == 1
    labels = find_texts(answer, "//*[@class='compare__fields']//th[@scope='row']")
    assert {"冒頭の画像", "タグ", "参考", "本文の写真の順"} <= set(labels)
    table = text(parsed(answer).xpath("//*[@class='compare__fields']")[0])
    assert "海図" in table


def test_nothing_that_somebody_wrote_is_markup(editor, article):
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    article.tags.set([evil[:40]])
    note = {"kind": "correction", "text": evil, "at": timezone.now().isoformat(), "by": None}
    link = '<p><a href="javascript:alert(1)">&lt;script&gt;</a></p>'
    fields = {"title": evil, "lead": evil, "corrections": [note], "body": SECOND}
    save_version(article, editor.user, evil[:100], **fields)
    article.history.filter(pk=list_keys(article)[0]).update(body=SECOND + link + "<b\x00>")
    page = compare(editor, article)
    html = page.content.decode()
    assert "<script>alert" not in html and "<img src=x" not in html and "\x00" not in html
    assert not parsed(page).xpath("//a[starts-with(@href, 'javascript:')]")
    assert "alert(1)" in text(parsed(page))


def test_own_unsaved_words_are_a_version_and_those_of_others_are_not(editor, article):
    fields = {"title": ["書きかけの題"], "body": [SECOND], "tags": ["海"]}
    place = {"article": article, "page": "page-of-a-form", "base": None}
    WorkingCopy.objects.save_words(fields, user=editor.user, **place)
    answer = compare(editor, article, new="copy")
    assert read_marked(answer, "ins") == ["書きかけの題"]
    assert "海" in text(parsed(answer).xpath("//*[@class='compare__fields']")[0])
    other = staff.browser_of(staff.member("colleague", "Editor"))
    assert "書きかけの題" not in compare(other, article, new="copy").content.decode()


def test_a_draft_change_is_compared_with_the_public_text(editor, article):
    content = read_content(article)
    content["fields"] |= {"title": "変更案の題"}
    ArticleChange(article=article).save_content(content, fields={}, by=editor.user)
    answer = compare(editor, article, new="change")
    assert read_marked(answer, "ins") == ["変更案の題"]
    assert answer.context["old"].key == list_keys(article)[0]


def test_corrections_and_applied_changes_stand_in_the_history(editor, article):
    colleague = staff.member("colleague", "Editor", display_name="早瀬")
    content = read_content(article)
    content["fields"] |= {"title": "変更案の題"}
    change = ArticleChange(article=article)
    change.save_content(content, fields={}, by=colleague)
    change.apply(by=editor.user)
    article.refresh_from_db()
    article.correct(kind="correction", text="二百トンは誤りでした。", by=editor.user)
    rows = find_texts(compare(editor, article), "//*[@class='versions__row']")
    assert "訂正: 二百トンは誤りでした。" in rows[0]
    assert "早瀬の変更案を反映" in rows[1] and str(editor.user) in rows[1]


def test_the_number_of_queries_does_not_grow(editor, article, django_assert_max_num_queries):
    for number in range(25):
        save_version(article, editor.user, title=f"第{number}版")
    with django_assert_max_num_queries(35):
        answer = compare(editor, article)
    assert len(answer.context["rows"]) == 20
    older = compare(editor, article, page=2)
    assert len(older.context["rows"]) == 7


# Restoring


def restore(browser, article, key, **fields):
    place = f"{address(article, 'history')}{key}/"
    seen = browser.get(place).context["seen"]
    return browser.post(place, {"seen": seen, **fields})


def test_a_version_is_restored_as_a_new_one_with_a_reason(editor, article):
    before = list_keys(article)
    assert restore(editor, article, before[-1], reason="数字が違う").status_code == 302
    article.refresh_from_db()
    assert article.body == FIRST
    newest, *others = list_keys(article)
    assert others == before
    row = article.history.get(pk=newest)
    assert (row.history_user, row.history_change_reason) == (editor.user, "数字が違う")
    assert "数字が違う" in compare(editor, article).content.decode()


def test_nothing_is_restored_over_what_a_colleague_saved_meanwhile(editor, article):
    place = f"{address(article, 'history')}{list_keys(article)[-1]}/"
    seen = editor.get(place).context["seen"]
    save_version(article, None, title="その後の題")
    answer = editor.post(place, {"seen": seen, "reason": "数字が違う"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "この間に記事が保存されました" in page and "数字が違う" in page
    article.refresh_from_db()
    assert article.body == SECOND
    assert editor.post(place, {"seen": answer.context["seen"]}).status_code == 302


def test_what_may_not_be_public_is_not_restored(editor, article):
    article.history.filter(pk=list_keys(article)[-1]).update(title=" ")
    answer = restore(editor, article, list_keys(article)[-1])
    assert answer.status_code == 409
    assert (
        "題" in text(parsed(answer).xpath("//*[@class='form__error']")[0])
        or answer.context["errors"]
    )
    article.refresh_from_db()
    assert (article.title, article.body) == ("港の灯台", SECOND)


def test_a_category_that_is_gone_stays_as_it_is(editor, article):
    now = article.category_id
    article.history.filter(pk=list_keys(article)[-1]).update(category_id=987_654, lead_image_id=9)
    restore(editor, article, list_keys(article)[-1])
    article.refresh_from_db()
    assert (article.category_id, article.body) == (now, FIRST)


def test_a_writer_restores_own_drafts_only(writer, editor, article):
    draft = factories.article(title="草稿", status="draft", author=writer.user, body=FIRST)
    save_version(draft, writer.user, body=SECOND)
    assert restore(writer, draft, list_keys(draft)[-1]).status_code == 302
    place = f"{address(article, 'history')}{list_keys(article)[-1]}/"
    assert writer.get(place).status_code == 404
    assert writer.post(place, {"seen": list_keys(article)[0]}).status_code == 404
    assert writer.get(address(article, "history")).status_code == 404


def test_the_form_takes_a_note_for_the_history(editor, article):
    editor.post(address(article), form_of(article, title="次の題", reason="数字が違う"))
    editor.post(address(article), form_of(article, title="三つ目の題"))
    rows = find_texts(compare(editor, article), "//*[@class='versions__row']")
    assert "数字が違う" in rows[1]
    assert "数字が違う" not in rows[0]
