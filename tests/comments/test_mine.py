"""What is mine in a thread: marks, and the ways back to it."""

import pytest

from comments.models import Comment
from tests import factories
from tests.reading import parsed


@pytest.fixture
def own(reader, article):
    reader.write(article, "最初の文")
    return Comment.objects.get()


def test_answers_by_reply_and_by_number_are_told_to_whom_they_answer(
    reader, other_reader, article, own
):
    other_reader.write(article, "返事", parent=own.pk)
    other_reader.write(article, ">>1 本当に?")
    other_reader.write(article, "別の話")
    reader.write(article, ">>1 自分への返信")
    answers = list(Comment.objects.exclude(reader_hash=own.reader_hash)[:2])
    assert {answer.text for answer in answers} == {"返事", ">>1 本当に?"}
    path = f"/threads/{article.pk}/mine/"
    assert reader.get(path).json()["answers"] == {str(answer.pk): True for answer in answers}
    answers[0].hold(by=factories.user("somebody"))
    reader.send("/me/seen/", answer=answers[1].pk)
    assert reader.get(path).json()["answers"] == {str(answers[1].pk): False}


def test_an_edit_and_a_deletion_lead_back_to_where_their_form_was_opened(reader, article, own):
    back = f"{article.get_absolute_url()}?page=1#comment-{own.pk}"
    for path in ("edit", "delete"):
        page = parsed(reader.get(f"/comments/{own.pk}/{path}/", {"next": back}))
        assert page.xpath("//input[@name='next']/@value") == [back]
    elsewhere = {"text": "直す", "before": own.digest, "next": "//evil.example/"}
    assert (
        reader.send(f"/comments/{own.pk}/edit/", **elsewhere)["Location"] == f"/comments/{own.pk}/"
    )
    own.refresh_from_db()
    sent = {"text": "また直す", "before": own.digest, "next": back}
    assert reader.send(f"/comments/{own.pk}/edit/", **sent)["Location"] == back


def test_a_page_of_a_thread_is_shown_as_it_is_now(other_reader, reader, article, own):
    response = other_reader.get(f"/threads/{article.pk}/page/")
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex"
    whole = other_reader.get(article.get_absolute_url()).content.decode()
    assert response.content.decode() in whole
    reader.write(article, "二つ目")
    assert "二つ目" in other_reader.get(f"/threads/{article.pk}/page/?order=new").content.decode()
    article.withdraw(note="誤り")
    assert other_reader.get(f"/threads/{article.pk}/page/").status_code == 404
