"""The pace of votes and reports: by reader first, by network far above."""

import pytest

from comments.models import Report, Vote
from tests import factories
from tests.comments.conftest import Browser


@pytest.fixture
def comment(article):
    return factories.comment(article)


@pytest.fixture
def keyed(article):
    browser = Browser()
    browser.vote(factories.comment(article, text="別の意見"), 1)
    return browser


@pytest.fixture
def rules(settings):
    settings.COMMENT_RULES = settings.COMMENT_RULES | {
        "vote_rate": {60: 5},
        "network_vote_rate": {60: 20},
        "report_rate": {3600: 3},
        "network_report_rate": {3600: 8},
    }
    return settings.COMMENT_RULES


@pytest.mark.parametrize("path", ["vote", "vote/inline"])
def test_a_reader_votes_so_often_a_minute(keyed, comment, rules, path):
    values = [1, 0, 1, 0, 1, 0, 1]
    answers = [keyed.send(f"/comments/{comment.pk}/{path}/", value=value) for value in values]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert [answer.status_code for answer in answers[-2:]] == [429, 429]
    assert len(refused) == 2
    assert "分後にもう一度お試しください" in refused[0].content.decode()
    assert 0 < int(refused[0]["Retry-After"]) <= 61
    assert "no-store" in refused[0]["Cache-Control"]
    assert Vote.objects.filter(comment=comment).count() == 1


def test_dropping_the_cookie_meets_the_pace_of_the_network(comment, rules):
    codes = [Browser().vote(comment, 1).status_code for _ in range(23)]
    assert codes == [303] * 20 + [429] * 3
    assert Browser(REMOTE_ADDR="192.0.2.77").vote(comment, 1).status_code == 303


def test_a_fast_reader_does_not_stop_the_others_of_the_network(keyed, comment, rules):
    codes = [keyed.vote(comment, value).status_code for value in [1, 0] * 4]
    assert 429 in codes
    assert Browser().vote(comment, 1).status_code == 303


def test_forged_keys_meet_the_pace_of_the_network(comment, rules):
    codes = []
    for number in range(23):
        browser = Browser()
        browser.cookies["reader"] = f"forged-key-long-enough-{number}"
        codes.append(browser.vote(comment, 1).status_code)
    assert codes.count(429) == 3


def test_reports_have_a_pace_too(article, rules):
    comments = [factories.comment(article, text=f"意見 {number}") for number in range(12)]
    reader = Browser()
    codes = []
    for comment in comments[:5]:
        answer = reader.send(f"/comments/{comment.pk}/report/", reason="spam", text="理由")
        codes.append(answer.status_code)
    assert codes == [200, 200, 200, 429, 429]
    assert "分後にもう一度" in answer.content.decode() and "理由" in answer.content.decode()
    assert answer["Retry-After"]
    assert Report.objects.count() == 3


def test_where_limits_are_off_there_is_no_pace(keyed, comment, rules, settings):
    settings.COMMENT_LIMITS = False
    assert {keyed.vote(comment, value).status_code for value in [1, 0] * 9} == {303}


def test_the_counts_hold_no_address(comment, rules, monkeypatch):
    keys = []
    add = "articles.web.rate_limits.cache.add"
    monkeypatch.setattr(add, lambda key, *arguments, **options: keys.append(key) or True)
    Browser(REMOTE_ADDR="192.0.2.77").vote(comment, 1)
    assert keys and not any("192.0.2" in key for key in keys)
