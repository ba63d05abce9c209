"""Which comments quote or name a text."""

import pytest

from comments.models import Comment
from comments.quoting import Passages, find_quotations
from tests import factories

TEXT = "三崎町二丁目の山田太郎さんは役場の会計係です。\n電話は０９０－１２３４－５６７８。"


@pytest.mark.once
@pytest.mark.parametrize(
    "line",
    [
        "> 三崎町二丁目の山田太郎さん",
        "＞三崎町 二丁目の 山田太郎",
        ">電話は090-1234-5678",
        ">>1 山田太郎さんは役場の会計係",
        "＞＞1三崎町二丁目の山田太郎さん",
        "≫1 三崎町二丁目の、山田太郎",
    ],
)
def test_a_line_that_repeats_the_text_quotes_it(line):
    passages = Passages([TEXT])
    assert passages.find_quotation(f"前置き\n{line}\n私はそうは思わない") == line
    mark = line[: line.index("1") + 1] if "1" in line[:5] else line[0]
    stripped = passages.strip_quotations(f"前置き\n{line}\n私はそうは思わない")
    assert stripped == f"前置き\n{mark} …\n私はそうは思わない"


@pytest.mark.once
@pytest.mark.parametrize(
    "line",
    [
        "> 三崎町の話",
        "山田太郎さんは役場の会計係",
        ">>1 同感です",
        "> ",
        ">>1",
        "> 役場の会計は別の話",
    ],
)
def test_other_lines_do_not(line):
    passages = Passages([TEXT])
    assert passages.find_quotation(line) == ""
    assert passages.strip_quotations(line) == line


@pytest.mark.once
def test_short_texts_are_recognised_whole_and_quotations_are_not_the_text():
    passages = Passages(["> みんなが引用する長い一行がここにある\nばか者だ"])
    assert passages.find_quotation("> ばか者だ")
    assert not passages.find_quotation("> ばか者")
    assert not passages.find_quotation("> みんなが引用する長い一行がここにある")


def test_replies_that_repeat_a_distinctive_part_name_the_text(article):
    source = factories.comment(article, text=TEXT)
    texts = {
        "answer": ("山田太郎さんは役場の会計係なのですか", source),
        "number": (">>1\nつまり山田太郎さんは役場の会計係だと", None),
        "phone": (">>1 この 09012345678 に掛けてみた", None),
        "quote": ("> 三崎町二丁目の山田太郎さん", None),
        "agrees": ("会計係の話は聞いた", source),
        "unrelated": ("山田太郎さんは役場の会計係と評判", None),
        "other": (">>2 別の話", None),
    }
    comments = {
        name: factories.comment(article, text=text, parent=parent)
        for name, (text, parent) in texts.items()
    }
    found = [quotation.comment for quotation in find_quotations(Comment.objects.filter(number=1))]
    assert found == [comments[name] for name in ("answer", "number", "phone", "quote")]


def test_what_is_removed_or_elsewhere_is_not_listed(article, moderator):
    source = factories.comment(article, text=TEXT)
    removed = factories.comment(article, text="> 三崎町二丁目の山田太郎さん")
    factories.comment(factories.article(), text="> 三崎町二丁目の山田太郎さん")
    removed.remove(by=moderator.user, reason="privacy")
    assert find_quotations(Comment.objects.filter(pk=source.pk)) == []


def test_sources_of_all_batches_are_looked_for(article, monkeypatch):
    monkeypatch.setattr("comments.quoting.BATCH", 1)
    first = factories.comment(article, text=TEXT)
    second = factories.comment(
        article, text="港の倉庫は来年の春に取り壊されるそうです", parent=first
    )
    third = factories.comment(
        article, text=f"> {TEXT}\n港の倉庫は来年の春に取り壊される", parent=second
    )
    both = factories.comment(article, text=f"> {TEXT}\n> {second.text}")
    last = factories.comment(article, text=f">>{first.number} 港の倉庫は来年の春に取り壊されると")
    found = find_quotations(Comment.objects.filter(pk__in=[first.pk, second.pk, third.pk]))
    assert [quotation.comment for quotation in found] == [both, last]
