"""Nearly the same: spam is found in its variants, innocent texts about the same things are not."""

import tomllib
from itertools import combinations
from pathlib import Path

import pytest

from comments.editing import edit
from comments.fingerprints import compute_marks, list_shingles, measure_likeness
from comments.models import Comment
from comments.near_duplicates import LIKE, find_near_duplicates
from comments.posting import post
from tests import factories
from tests.shared import shared_rows

TEXTS = tomllib.loads((Path(__file__).parent / "near_texts.toml").read_text())
INNOCENT = TEXTS["innocent"]["texts"]


@pytest.fixture(scope="class")
def corpus(django_db_setup, django_db_blocker):
    """All texts as comments of four articles, from a network for each third of them."""
    with shared_rows(django_db_blocker):
        articles = [factories.article() for _ in range(4)]
        texts = [text for spam in TEXTS["spam"] for text in (spam["text"], *spam["variants"])]
        for number, text in enumerate([*texts, *INNOCENT]):
            reader = factories.reader(f"r{number}", network=f"n{number // 3}")
            post(articles[number % 4], text=text, reader=reader)
        yield Comment.objects.in_bulk()


@pytest.mark.django_db
class TestCorpus:
    def test_variants_are_found_and_innocent_texts_are_not(self, corpus):
        spam = {text for each in TEXTS["spam"] for text in (each["text"], *each["variants"])}
        right = wrong = 0
        for each in TEXTS["spam"]:
            comment = next(comment for comment in corpus.values() if comment.text == each["text"])
            found = [corpus[pk].text for pk in find_near_duplicates(comment).keys]
            family = {*each["variants"]} & spam
            right += sum(text in family for text in found)
            wrong += sum(text not in family for text in found)
        recall, precision = right / 60, right / (right + wrong)
        assert recall >= 0.97, f"recall {recall:.2f}"
        assert precision == 1, f"precision {precision:.2f}"

    def test_an_innocent_text_is_nearly_the_same_as_none(self, corpus):
        innocent = [comment for comment in corpus.values() if comment.text in INNOCENT]
        assert len(innocent) == 60
        assert [comment.text for comment in innocent if find_near_duplicates(comment).keys] == []

    def test_articles_and_networks_are_counted(self, corpus):
        comment = next(each for each in corpus.values() if each.text == TEXTS["spam"][0]["text"])
        near = find_near_duplicates(comment)
        assert (len(near), near.article_count, near.network_count, near.is_more) == (
            10,
            4,
            4,
            False,
        )
        assert near.keys == sorted(near.keys, reverse=True)


@pytest.mark.django_db
def test_more_than_a_lot_of_the_index_is_found(db, article):
    text = "同じ宣伝の文章を何度でも貼り付けます。ご注文はこちらから。"
    comments = [
        Comment(text=f"{text}{number}", html="", network_hash=f"n{number % 100}")
        for number in range(600)
    ]
    with factories.trees.thread_write(article) as thread:
        factories.trees.insert_many(comments, thread=thread, max_depth=1)
    near = find_near_duplicates(Comment.objects.first())
    assert (len(near), near.network_count) == (599, 100)
    few = find_near_duplicates(Comment.objects.first(), most=50)
    assert (len(few), few.is_more) == (50, True)


@pytest.mark.django_db
def test_an_edit_moves_the_fingerprint(article):
    text, other = (each["text"] for each in TEXTS["spam"][:2])
    first = post(article, text=text)
    reader = factories.reader()
    second = post(article, text=text + "急いで。", reader=reader)
    assert find_near_duplicates(first).keys == [second.pk]
    edit(second, reader=reader, text=other, before=second.digest)
    assert find_near_duplicates(first).keys == []


def test_a_short_text_has_no_fingerprint():
    assert compute_marks("私も本当にそう思います。") == compute_marks("") == []


def test_a_long_text_keeps_its_fingerprint_when_a_part_changes():
    text = "".join(INNOCENT)
    changed = text.replace("時計", "鞄")
    assert measure_likeness(list_shingles(text), list_shingles(changed)) > 0.8
    assert set(compute_marks(text)) & set(compute_marks(changed))


def test_the_two_kinds_of_likeness_lie_apart():
    families = [
        [list_shingles(text) for text in (each["text"], *each["variants"])]
        for each in TEXTS["spam"]
    ]
    innocent = list(map(list_shingles, INNOCENT))
    of_variants = min(
        measure_likeness(one, other)
        for family in families
        for one, other in combinations(family, 2)
    )
    of_others = max(
        measure_likeness(one, other)
        for one in innocent
        for other in [*sum(families, []), *innocent]
        if one is not other
    )
    assert of_others < LIKE < of_variants
