"""A word rule that is deleted while a text that it matches is on its way."""

import threading

import pytest
from django.conf import settings
from django.db import connection, transaction

from comments import editing
from comments.checks import judge_text
from comments.models import Comment, WordRule
from comments.posting import post
from comments.rule_matcher import read_matcher
from tests import factories

TEXT = "お前はバ＊カだ。"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rule(transactional_db):
    return WordRule.objects.create(text="馬鹿")


def post_judged(verdict):
    held = {"state": "held", "reason": verdict.reason}
    return post(factories.article(), text=TEXT, match=verdict.match, **held)


def judge():
    rules = settings.COMMENT_RULES
    return judge_text(TEXT, rules=rules, word_rules=read_matcher(), bans=[])


def test_a_post_is_held_without_it(rule):
    verdict = judge()
    rule.delete()
    comment = Comment.objects.get(pk=post_judged(verdict).pk)
    assert (comment.state, comment.reason, comment.matched_rule) == ("held", "words", None)
    assert comment.text[comment.matched_start : comment.matched_end] == "バ＊カ"


def test_an_edit_is_held_without_it(rule, monkeypatch):
    own = factories.reader("own")
    comment = factories.comment(factories.article(), reader=own)

    def judge_and_delete(*texts, **facts):
        verdict = judge_text(*texts, **facts)
        rule.delete()
        return verdict

    monkeypatch.setattr(editing, "judge_text", judge_and_delete)
    editing.edit(comment, reader=own, text=TEXT, before=comment.digest)
    comment.refresh_from_db()
    assert (comment.state, comment.text, comment.matched_rule) == ("held", TEXT, None)


@pytest.mark.parametrize("delete", [WordRule.delete, lambda _rule: WordRule.objects.all().delete()])
def test_deleting_waits_for_a_post(rule, delete):
    errors = []

    def run():
        try:
            delete(rule)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    deleter = threading.Thread(target=run)
    with transaction.atomic():
        comment = post_judged(judge())
        deleter.start()
        deleter.join(0.3)
    deleter.join(30)
    assert (errors, deleter.is_alive(), WordRule.objects.count()) == ([], False, 0)
    comment.refresh_from_db()
    assert comment.matched_rule is None
