"""Names, secrets and tripcodes."""

import pytest

from comments.models import Comment
from comments.signatures import split_name, split_signature

pytestmark = pytest.mark.once


@pytest.mark.parametrize("mark", "#＃﹟♯⌗⋕")
def test_a_number_sign_of_any_form_begins_a_secret(mark):
    assert split_name(f"灯台守{mark}ひみつ") == ("灯台守", "ひみつ")
    assert split_name(f"灯台守 {mark}ひみつ#＃") == ("灯台守", "ひみつ#＃")
    assert split_signature(f"灯台守{mark}ひみつ") == split_signature("灯台守#ひみつ")


@pytest.mark.parametrize("mark", "#＃﹟♯")
def test_a_secret_is_shown_nowhere(reader, article, mark):
    name = f"灯台守{mark}himitsu"
    reader.write(article, name=name)
    comment = Comment.objects.get()
    assert comment.name == "灯台守" and len(comment.tripcode) == 10
    for address in (article.get_absolute_url(), f"/comments/{comment.pk}/", "/comments/feed/"):
        assert "himitsu" not in reader.get(address).content.decode()


def test_a_secret_is_hashed_in_nfc():
    assert split_signature("名#ガ\u00e9") == split_signature("名#カ\u3099e\u0301")
    assert split_signature("名#ｶﾞ") != split_signature("名#ガ")


@pytest.mark.parametrize(
    "blank", ["", " ", "\u3164", "\u2800", "\u200b", "\u0301", "\U000e0041", "\ufe0f"]
)
def test_a_name_that_cannot_be_seen_is_none(reader, article, blank):
    assert split_name(f"{blank}#s") == ("", "s")
    reader.write(article, name=blank)
    assert Comment.objects.get().name == ""
    assert "匿名" in reader.get(article.get_absolute_url()).content.decode()


def test_a_name_is_one_line_without_marks_of_direction():
    assert split_name(" \u200e山田\u2028 \u202a太郎\u202c\n") == ("山田 太郎", "")


def test_the_characters_of_a_name_count_in_nfc(reader, article):
    assert reader.write(article, name="\U0001d160" * 20).status_code == 422
    assert reader.write(article, name="e\u0301" * 40).status_code == 303


def test_a_long_name_is_answered_in_our_words(reader, article):
    answer = reader.write(article, name="名" * 41)
    assert answer.status_code == 422
    assert "名前は40文字までです（現在41文字）。" in answer.content.decode()
    assert Comment.objects.count() == 0
