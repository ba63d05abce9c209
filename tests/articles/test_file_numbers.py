"""Numbers of files, however they are filled in: a picture or a refusal, never a broken page."""

import pytest
from cabinet.models import Folder
from django.core.files.uploadedfile import SimpleUploadedFile

from articles.models import Article, MediaFile
from tests import documents, factories, pictures
from tests.articles.admin_forms import address, filled_in, form_of

OFTEN = ["9223372036854775808", "999999999999999999", "港", "\0"]
RARELY = [
    *("99999999999999999999999", "9223372036854775807", "2147483648"),
    *("0", "-1", "1e5", "１", " 1"),
]
NUMBERS = [*OFTEN, *(pytest.param(number, marks=pytest.mark.slow) for number in RARELY)]
PAGES = ("/", "/feed/", "/sitemap-news.xml")

pytestmark = pytest.mark.django_db


@pytest.fixture
def document():
    """A file of the library that is no picture."""
    folder = Folder.objects.create(name="資料")
    file = MediaFile(folder=folder)
    file.file = SimpleUploadedFile("報告.pdf", documents.pdf())
    file.save()
    return file


@pytest.mark.slow
@pytest.mark.parametrize("number", NUMBERS)
def test_no_number_of_a_file_breaks_a_form_or_a_page(editor, client, number):
    article = factories.article()
    for name in ("lead_image", "category", "author", "other_categories", "seen"):
        answer = editor.post(address(article), form_of(article, **{name: number}))
        assert answer.status_code in {200, 302}
    related = filled_in(related=[{"related": number}])
    assert editor.post(address(article), related).status_code == 200  # refused with a sentence
    body = '<p>霧。</p><figure><img data-file="{}"></figure>'.format(number.replace("\0", ""))
    Article.objects.filter(pk=article.pk).update(body=body)
    for place in (article.get_absolute_url(), *PAGES):
        assert client.get(place).status_code == 200
    for action in ("change", "history", "preview"):
        assert editor.get(address(article, action)).status_code == 200
    answer = editor.post(address(article), form_of(article, body=body))
    assert answer.status_code in {200, 302}
    upload = pictures.picture(size=(20, 20))
    answer = editor.post("/admin/cabinet/upload/", {"folder": number, "file": upload})
    assert answer.status_code < 500


def test_a_lead_image_is_a_picture(editor, document):
    article = factories.article()
    answer = editor.post(address(article), form_of(article, lead_image=document.pk))
    assert "lead_image" in answer.context["adminform"].form.errors
    article.refresh_from_db()
    assert article.lead_image is None
    picture = pictures.stored_once(image_alt_text="船", copyright="港湾局")
    editor.post(address(article), form_of(article, lead_image=picture.pk))
    article.refresh_from_db()
    assert article.lead_image == picture


def test_a_lead_image_that_is_no_picture_is_not_shown(editor, client, document):
    """Code or a replaced file can leave one."""
    article = factories.article(lead_image=document, featured=True)
    factories.article(lead_image=document, title="二つ目")
    for place in (article.get_absolute_url(), *PAGES):
        answer = client.get(place)
        assert answer.status_code == 200
    for action in ("change", "history", "preview"):
        assert editor.get(address(article, action)).status_code == 200


def test_a_document_in_the_text_is_left_out(editor, client, document):
    body = f'<p>霧。</p><figure><img data-file="{document.pk}"></figure>'
    article = factories.article(body=body)
    assert "<figure" not in client.get(article.get_absolute_url()).content.decode()
    editor.post(address(article), form_of(article, body=body, elsewhere="leave"))
    article.refresh_from_db()
    assert article.body == "<p>霧。</p>"
