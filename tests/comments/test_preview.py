"""The preview shows what posting will show, and refuses what posting would refuse."""

import re

import pytest

from comments.models import Comment
from tests import factories

pytestmark = pytest.mark.once

TYPED = """　　字下げ  と   空白
> 引用
>>1 と ＞＞１ と >>1-2 と >>9
https://example.comです。www.example.org/a_(b)！

\u200e1,234\u200f円 שלום
  <b>&amp;</b>"""


def preview(reader, article, text="本文", **fields):
    answer = reader.write(article, text, preview="1", **fields)
    return answer, answer.content.decode()


def read_body(page):
    return re.search(r'<div class="comment__body">(.*?)</div>', page, re.DOTALL)[1]


def test_the_preview_of_a_text_is_the_comment(reader, article):
    factories.comment(article)
    factories.comment(article).remove(by=factories.moderator(), reason="spam")
    answer, page = preview(reader, article, TYPED)
    assert answer.status_code == 200 and Comment.objects.count() == 2
    reader.write(article, TYPED)
    posted = Comment.objects.get(number=3)
    assert read_body(page) == posted.html
    assert posted.html.count('class="reference"') == 3


@pytest.mark.parametrize("mark", "#＃")
def test_the_preview_of_a_name_shows_the_tripcode_and_no_secret(reader, article, mark):
    _answer, page = preview(reader, article, name=f" 灯台守{mark}himitsu")
    reader.write(article, name=f" 灯台守{mark}himitsu")
    head = re.search(r'<p class="comment__head">(.*?)</p>', page, re.DOTALL)[1]
    assert ">灯台守</bdi" in head and "himitsu" not in head
    assert f"◆{Comment.objects.get().tripcode}" in head


def test_the_preview_without_a_visible_name_is_anonymous(reader, article):
    assert ">匿名</bdi" in preview(reader, article, name="\u3164")[1]


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "値段は\u202e000円"},
        {"text": "前\x1b後"},
        {"text": "Z\u0300\u0301\u0302\u0303\u0304"},
        {"text": "\u3164"},
        {"name": "名\u202e前"},
        {"name": "編集部"},
        {"name": "名" * 41},
    ],
)
def test_the_preview_refuses_what_posting_refuses(reader, article, fields):
    answer, page = preview(reader, article, **fields)
    posted = reader.write(article, **fields)
    assert answer.status_code == posted.status_code == 422
    assert "form__preview" not in page

    def errors(html):
        return re.findall(r'role="alert"\s*>.*?</div>', html, re.DOTALL)

    assert errors(page) == errors(posted.content.decode()) != []
