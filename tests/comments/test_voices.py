"""Which sentences of a thread stand below a headline, and the tally beside it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from comments.models import Comment, Measure
from comments.models.states import Verb
from comments.tallies import draw_tally
from comments.voices import find_exchange, find_voices, take_voice
from tests import factories

GOOD = "二隻になるのは本当に嬉しい。でも順番の決まりは変わらない。"


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        (GOOD, GOOD),
        ("短い。", ""),
        ("句点のない長い文はどこまでも続いて終わることがない", ""),
        (f"{'長' * 40}。{'長' * 40}。", f"{'長' * 40}。"),
        (f"{'長' * 71}。", ""),
        (f">>3 {GOOD}", GOOD),
        (f"> 引用した行です。\n{GOOD}", GOOD),
        (f"{GOOD}\nhttps://example.com/", ""),
        (f"{GOOD}>>12の話です。", ""),
        (
            "二隻になるのは本当に嬉しい。\nでも順番は変わらない。",
            "二隻になるのは本当に嬉しい。でも順番は変わらない。",
        ),
        (
            "The second ship is very good news for all of us. The order",
            "The second ship is very good news for all of us.",
        ),
        (
            "It costs 3.5 million a year and we pay it all!",
            "It costs 3.5 million a year and we pay it all!",
        ),
    ],
)
def test_a_voice_is_some_whole_sentences(text, taken):
    assert take_voice(text) == taken


def test_a_tally_has_a_rail_for_each_writer():
    svg = draw_tally(7, 2)
    assert 'd="M0.5 0v12M4.5 0v12M8.5 0v12M12.5 0v12M16.5 0v12"' in svg
    assert 'd="M25 0v12M29 0v12"' in svg  # a wider gap after the fifth
    assert 'width="30"' in svg


@pytest.mark.parametrize(("day", "hour", "rails"), [(0, 0, 0), (400, 3, 40), (5, 9, 5)])
def test_a_tally_has_forty_rails_at_most(day, hour, rails):
    assert draw_tally(day, hour).count("v12") == rails


@pytest.mark.django_db
class TestChoice:
    def find(self, article):
        voices, _ends = find_voices([article.pk])
        return voices.get(article.pk)

    def test_the_best_of_a_day(self, article):
        factories.scored(article, 9, text=GOOD, posted_at=timezone.now() - timedelta(hours=25))
        factories.scored(article, 4, text=GOOD)
        assert self.find(article) is None
        factories.scored(article, 20, text="短い。")
        best = factories.scored(article, 7, text=GOOD)
        factories.scored(article, 6, text=GOOD)
        assert self.find(article).pk == best.pk

    def test_what_is_not_public_is_none(self, article):
        factories.scored(article, 9, text=GOOD, state="held")
        assert self.find(article) is None

    def test_nothing_removed_is_above_it(self, article):
        root = factories.comment(article, text="消える。")
        factories.scored(article, 9, parent=root, text=GOOD)
        assert self.find(article)
        Comment.objects.filter(pk=root.pk).update(state="removed")
        assert self.find(article) is None

    def test_the_choice_of_the_staff_comes_first(self, article):
        factories.scored(article, 9, text=GOOD)
        chosen = factories.comment(article, text="句点のない一言")
        until = timezone.now() + timedelta(hours=1)
        Measure.take(
            Verb.FEATURE, by=factories.moderator(), comment=chosen, value="front", until=until
        )
        voices, ends = find_voices([article.pk])
        assert (voices[article.pk].pk, voices[article.pk].text) == (chosen.pk, "句点のない一言")
        assert voices[article.pk].is_chosen
        assert ends == until

    def test_the_best_answers_follow_each_other(self, article):
        root = factories.scored(article, 9, text=GOOD)
        factories.scored(article, 1, parent=root, text="これは違います。")
        best = factories.scored(article, 3, parent=root, text="それはその通りです。")
        last = factories.comment(article, parent=best, text="私もそう思います。")
        factories.scored(article, 9, parent=last, text="四つ目の深さです。")
        answers = find_exchange(self.find(article))
        assert [answer.pk for answer in answers] == [best.pk, last.pk]
