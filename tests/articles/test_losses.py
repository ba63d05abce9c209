"""What saving would leave out is asked about first; pictures from elsewhere enter the library."""

import base64

import pytest

from articles.body.stored import render_body, sanitize_body
from articles.models import MediaFile
from tests import factories, pictures
from tests.articles.admin_forms import address, form_of, see_preview

pytestmark = [pytest.mark.django_db, pytest.mark.once]
FOREIGN = '<p>霧。</p><figure><img src="https://a.example.jp/b.jpg"></figure>'


@pytest.fixture
def article():
    return factories.article(status="draft", published_at=None, body="<p>前。</p>")


@pytest.fixture
def data():
    content = base64.b64encode(pictures.picture(size=(80, 60)).read()).decode()
    return f"data:image/jpeg;base64,{content}"


def send(editor, article, body, **fields):
    answer = editor.post(address(article), form_of(article, body=body, **fields))
    article.refresh_from_db()
    return answer


@pytest.mark.parametrize(
    "body",
    [
        FOREIGN,
        '<p>霧。</p><img src="data:image/png;base64,AAAA">',
        '<p>霧。</p><img src="file:///C:/a.png">',
        '<p>霧。</p><img data-file="999">',
        "<p>霧。</p><svg><text>絵</text></svg>",
        "<p>霧。</p><select><option>一</option></select>",
    ],
)
def test_nothing_is_left_out_without_a_question(editor, article, body):
    answer = send(editor, article, body)
    assert article.body == "<p>前。</p>"
    form = answer.context["adminform"].form
    assert "body" in form.errors
    page = answer.content.decode()
    assert 'type="radio" name="elsewhere"' in page
    assert form["body"].value() == body
    send(editor, article, body, elsewhere="leave")
    assert article.body == "<p>霧。</p>"


def test_a_picture_in_the_text_itself_enters_the_library(editor, article, data):
    pictures.stored_once()
    send(editor, article, f'<figure><img src="{data}" alt="船"></figure>', elsewhere="take")
    file = MediaFile.objects.order_by("-pk").first()
    assert file.image_width == 80
    assert article.body == f'<figure><img alt="船" data-file="{file.pk}"></figure>'
    send(editor, article, f'<img src="{data}">', elsewhere="take")
    assert MediaFile.objects.count() == 2  # the same content is the same file


def test_the_first_picture_of_a_site_has_a_folder(editor, article, data):
    send(editor, article, f'<img src="{data}">', elsewhere="take")
    assert MediaFile.objects.get().folder


@pytest.mark.parametrize(
    "source",
    [
        "data:image/jpeg;base64,AAAA",
        "data:text/html,<b>x</b>",
        "data:",
        "https://[",
        "file:///etc/passwd",
        "http://127.0.0.1/a.jpg",
        "http://169.254.169.254/latest/",
    ],
)
def test_what_is_no_picture_or_not_public_is_refused_with_a_sentence(editor, article, source):
    answer = send(editor, article, f'<p>霧。</p><img src="{source}">', elsewhere="take")
    assert article.body == "<p>前。</p>"
    assert MediaFile.objects.count() == 0
    assert [str(message) for message in answer.context["messages"]]
    assert source.split("<")[0] in answer.context["adminform"].form["body"].value()


def test_who_may_not_upload_takes_nothing(editor, article, data):
    editor.user.groups.clear()
    send(editor, article, f'<img src="{data}">', elsewhere="take")
    assert MediaFile.objects.count() == 0


def test_a_preview_shows_what_would_be_saved(editor, article):
    answer = see_preview(editor, article, form_of(article, body=FOREIGN))
    assert answer.status_code == 200
    assert "霧。" in answer.content.decode() and "a.example.jp" not in answer.content.decode()


def test_a_picture_enters_the_library_from_the_text(editor):
    upload = pictures.picture(size=(30, 20))
    answer = editor.post("/admin/articles/mediafile/insert/", {"file": upload})
    file = MediaFile.objects.get()
    assert answer.json()["id"] == file.pk
    place = f"/admin/articles/mediafile/{file.pk}/credit/"
    assert editor.post(place, {"copyright": "港湾局"}).json()["credit"] == "港湾局"
    assert editor.post(place, {"copyright": "あ" * 1001}).status_code == 400
    assert editor.get(place).json()["credit"] == "港湾局"
    assert editor.put(place).status_code == 405
    assert editor.post("/admin/articles/mediafile/999/credit/", {}).status_code == 404


def test_the_credit_of_a_picture_changes_although_its_file_is_gone(editor):
    upload = pictures.picture(size=(30, 20))
    editor.post("/admin/articles/mediafile/insert/", {"file": upload})
    file = MediaFile.objects.get()
    file.image_file.storage.delete(file.image_file.name)
    answer = editor.post(f"/admin/articles/mediafile/{file.pk}/credit/", {"copyright": "港湾局"})
    assert answer.json()["credit"] == "港湾局"
    assert MediaFile.objects.values_list("copyright", flat=True).get() == "港湾局"


@pytest.mark.parametrize("place", ["insert", "1/credit"])
def test_readers_reach_no_door_of_the_library(client, place):
    answer = client.post(f"/admin/articles/mediafile/{place}/", {"address": "data:,"})
    assert answer.status_code == 302
    assert MediaFile.objects.count() == 0


@pytest.mark.parametrize("sent", [{}, {"address": ""}, {"address": "http://10.0.0.1/"}])
def test_a_refused_insertion_says_why(editor, sent):
    answer = editor.post("/admin/articles/mediafile/insert/", sent)
    assert answer.status_code == 400
    assert answer.json()["errors"]


def test_the_text_of_a_figure_counts_for_it(article):
    picture = pictures.stored_once(image_alt_text="船")
    own = f'<figure><img alt="沖の船" data-file="{picture.pk}"></figure>'
    assert sanitize_body(own) == own
    assert 'alt="沖の船"' in render_body(own)
    same = sanitize_body(own.replace("沖の船", "船"))
    assert same == f'<figure><img data-file="{picture.pk}"></figure>'
    assert 'alt="船"' in render_body(same)


def test_a_link_finds_articles_and_files_by_their_names(editor, client):
    article = factories.article(title="灯台の百年")
    find = "/admin/articles/mediafile/targets/"
    answer = editor.get(find, {"q": "灯台"})
    assert answer.json() == {
        "targets": [{"address": article.get_absolute_url(), "title": "灯台の百年"}]
    }
    picture = pictures.stored_once(caption="港の灯台 冬")
    answer = editor.get(find, {"q": "灯台 冬"})
    assert answer.json() == {
        "targets": [{"address": picture.image_file.url, "title": "港の灯台 冬"}]
    }
    assert editor.get(find).json() == {"targets": []}
    assert editor.get(find, {"q": "％" * 500}).json() == {"targets": []}
    assert client.get(find, {"q": "灯台"}).status_code == 302
