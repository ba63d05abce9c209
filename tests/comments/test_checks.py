"""Every check with its table of cases."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as site
from hypothesis import given
from hypothesis import strategies as st

from comments.checks import Draft, Facts, Outcome, judge_draft

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def ago(**period):
    return NOW - timedelta(**period)


def verdict(text="この案には反対だ。", *, name="", website="", confirmed=False, **facts):
    draft = Draft(text=text, name=name, website=website, confirmed=confirmed)
    return judge_draft(draft, Facts(now=NOW, rules=site.COMMENT_RULES, **facts))


# Of one kind each: spaces, joiners, fillers, blank letters, marks without a letter, tags.
BLANKS = (
    "\u00a0\u2003\u3000\n", "\u200b\u200d\u2060\ufeff", "\u3164", "\u115f\u1160\uffa0", "\u2800",
    "\u00ad\u034f", "\u0301\u0308", "\ufe0f\ufe0e", "\U000e0041\U000e007f", "\u180e\u2062",
)  # fmt: skip

# text, outcome, reason, matched part
TEXTS = [
    ("この案には反対だ。", "PUBLISH", "", None),
    ("それな", "PUBLISH", "", None),
    ("", "REFUSE", "empty", None),
    (" \n　\u200b\u3000", "REFUSE", "empty", None),
    ("あ" * 5_000 and "あい" * 2_500, "PUBLISH", "", None),
    ("あい" * 2_500 + "う", "REFUSE", "length", "う"),
    ("前\x00後", "REFUSE", "characters", "\x00"),
    ("前\x1b[31m", "REFUSE", "characters", "\x1b"),
    ("値段は\u202e000,1\u202c円", "REFUSE", "characters", "\u202e"),
    ("\u202d逆\u202c", "REFUSE", "characters", "\u202d"),
    ("壊れた\ufffd", "REFUSE", "characters", "\ufffd"),
    ("\ue000abcdefgh\ue001", "REFUSE", "characters", "\ue000"),
    ("一行\n\n二行\t表", "PUBLISH", "", None),
    ("שלום и мир, ไทยก็ได้ สวัสดี, Tiếng Việt", "PUBLISH", "", None),
    ("家族 👨‍👩‍👧‍👦 と ☔️ と 1️⃣", "PUBLISH", "", None),
    ("か\u3099き\u3099", "PUBLISH", "", None),
    ("Z" + "\u0300\u0301\u0302\u0303\u0304" + "algo", "REFUSE", "marks", None),
    ("http://a.example http://b.example", "PUBLISH", "", None),
    ("http://a.example http://b.example www.c.example", "HOLD", "links", "www.c.example"),
    ("HTTP://a.example、Https://b.example。www.c.exampleへ", "HOLD", "links", "www.c.example"),
    ("https://a.example/?q=www.b.example https://c.example", "PUBLISH", "", None),
    *((blank, "REFUSE", "empty", None) for blank in BLANKS),
    *((f"{blank}字", "PUBLISH", "", None) for blank in BLANKS),
    ("ふざけるなああああああああああああ", "NUDGE", "repetition", "あ" * 12),
    ("w" * 31, "NUDGE", "repetition", "w" * 31),
    ("あ" + "!" * 20, "NUDGE", "repetition", "!" * 20),
    ("kkkkkkkkkkkkk", "NUDGE", "repetition", "k" * 13),
    *(
        (text, "PUBLISH", "", None)
        for text in (
            "¥1000000000000",
            "１００００００００００００円",
            "草" + "w" * 18,
            "ｗ" * 30,
            "草" * 12,
            "哈" * 20,
            "ㅋ" * 20,
            "8" * 20,
            "！" * 15,
            "ーーーーーーーーーーーー",
            "うおーーーーーーーーーーーーっ",
            "・" * 40,
            "…" * 12,
            "👏" * 15,
            "\n".join(mark * 60 for mark in "=-―_*#~─━☆・＝－"),
            "＿人人人人人＿\n＞　祭り　＜\n￣Y^Y^Y^Y￣",
        )
    ),
    ("え、ええええ", "PUBLISH", "", None),
]


@pytest.mark.parametrize(("text", "outcome", "reason", "matched"), TEXTS)
def test_the_text(text, outcome, reason, matched):
    said = verdict(text)
    assert (said.outcome.name, said.reason) == (outcome, reason)
    if matched is not None:
        assert text[slice(*said.span)] == matched
    if said.outcome is not Outcome.PUBLISH:
        assert said.message


FLOW = [
    ({}, "PUBLISH", ""),
    ({"is_open": False}, "REFUSE", "closed"),
    ({"token": "good"}, "PUBLISH", ""),
    ({"token": "early"}, "REFUSE", "token"),
    ({"token": "expired"}, "REFUSE", "token"),
    ({"token": "forged"}, "REFUSE", "token"),
    ({"website": "https://casino.example"}, "HOLD", "honeypot"),
    ({"reader_posts": [ago(seconds=n) for n in (5, 20, 40, 50)]}, "PUBLISH", ""),
    ({"reader_posts": [ago(seconds=n) for n in (5, 20, 40, 50, 59)]}, "REFUSE", "rate"),
    ({"reader_posts": [ago(seconds=n) for n in (5, 20, 40, 50, 61)]}, "PUBLISH", ""),
    ({"reader_posts": [ago(seconds=119 * n) for n in range(1, 31)]}, "REFUSE", "rate"),
    ({"network_posts": [ago(seconds=1)] * 19}, "PUBLISH", ""),
    ({"network_posts": [ago(seconds=1)] * 20}, "NUDGE", "rate"),
    ({"network_posts": [ago(seconds=61)] * 20}, "PUBLISH", ""),
    ({"network_posts": [ago(seconds=1)] * 59}, "NUDGE", "rate"),
    ({"network_posts": [ago(seconds=1)] * 60}, "HOLD", "check"),
    ({"network_posts": [ago(seconds=1)] * 199}, "HOLD", "check"),
    ({"network_posts": [ago(seconds=1)] * 200}, "REFUSE", "rate"),
    ({"network_posts": [ago(minutes=30)] * 299}, "PUBLISH", ""),
    ({"network_posts": [ago(minutes=30)] * 300}, "NUDGE", "rate"),
    ({"network_posts": [ago(minutes=30)] * 600}, "HOLD", "check"),
    ({"network_posts": [ago(minutes=30)] * 1_200}, "REFUSE", "rate"),
    (
        {"network_posts": [ago(seconds=1)] * 20, "reader_posts": [ago(seconds=1)] * 5},
        "REFUSE",
        "rate",
    ),
    ({"network_posts": [ago(seconds=1)] * 500, "limited": False}, "PUBLISH", ""),
    ({"last_in_branch": ago(seconds=119)}, "REFUSE", "branch"),
    ({"last_in_branch": ago(seconds=120)}, "PUBLISH", ""),
    ({"last_in_branch": ago(seconds=1), "limited": False}, "PUBLISH", ""),
    ({"reader_posts": [ago(seconds=1)] * 99, "limited": False}, "PUBLISH", ""),
]


@pytest.mark.parametrize(("facts", "outcome", "reason"), FLOW)
def test_the_place_and_the_pace(facts, outcome, reason):
    said = verdict(**facts)
    assert (said.outcome.name, said.reason) == (outcome, reason)


def test_a_refusal_for_pace_says_how_long_to_wait():
    said = verdict(last_in_branch=ago(seconds=100))
    assert said.status == 429 and "20" in said.message
    assert "2" in verdict(last_in_branch=ago(seconds=1)).message


def test_a_nudge_is_accepted_when_it_is_confirmed():
    assert verdict("ええええええええええええ", confirmed=True).outcome is Outcome.PUBLISH


def test_confirming_lifts_no_hold_and_no_refusal():
    three = "http://a.example http://b.example http://c.example"
    assert verdict(three, confirmed=True).outcome is Outcome.HOLD
    assert verdict("", confirmed=True).outcome is Outcome.REFUSE


def test_the_gravest_verdict_counts():
    text = "wwwwwwwwwwwwwwwwwww http://a.example http://b.example http://c.example"
    assert verdict(text).reason == "links"
    assert verdict(text, is_open=False).reason == "closed"


def test_a_broken_name_is_refused():
    said = verdict(name="名\u202e前")
    assert said.reason == "characters"
    assert "U+202E RIGHT-TO-LEFT OVERRIDE" in said.message
    assert verdict(name="名" + "\u0301" * 9).reason == "marks"


@given(st.text(max_size=200))
def test_no_text_breaks_the_checks(text):
    said = verdict(text)
    assert said.span is None or 0 <= said.span[0] < said.span[1] <= len(text)
