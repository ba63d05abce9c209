"""Word rules that change, or match other texts, while a text that they match is on its way."""

import threading

import pytest
from django.conf import settings
from django.db import connection, transaction

from comments import editing
from comments.checks import judge_text
from comments.models import Comment, ModerationAction, WordRule
from comments.models.ledger import undo_acts
from comments.models.rule_change import mark_deleted, save_lines
from comments.posting import post
from comments.rule_matcher import read_matcher
from comments.word_rules.rule_text import parse_rules
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


def delete(rule):
    save_lines(parse_rules("- hold 馬鹿"), by=None)
    return mark_deleted(rule, by=None)


def run_beside(work):
    """Start a thread that does something with a connection of its own; returns it, and its
    errors."""
    errors = []

    def run():
        try:
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, errors


def test_a_post_is_held_for_a_rule_that_is_deleted_meanwhile(rule):
    verdict = judge()
    delete(rule)
    comment = Comment.objects.get(pk=post_judged(verdict).pk)
    assert (comment.state, comment.reason, comment.matched_rule) == ("held", "words", rule)
    assert comment.text[comment.matched_start : comment.matched_end] == "バ＊カ"
    assert judge().rule is None


def test_an_edit_is_held_for_it(rule, monkeypatch):
    own = factories.reader("own")
    comment = factories.comment(factories.article(), reader=own)

    def judge_and_delete(*texts, **facts):
        verdict = judge_text(*texts, **facts)
        delete(rule)
        return verdict

    monkeypatch.setattr(editing, "judge_text", judge_and_delete)
    editing.edit(comment, reader=own, text=TEXT, before=comment.digest)
    comment.refresh_from_db()
    assert (comment.state, comment.text, comment.matched_rule) == ("held", TEXT, rule)


@pytest.mark.postgresql  # SQLite has one writer
def test_posts_that_a_rule_matches_do_not_wait_for_each_other(rule):
    """Nor for a moderator who changes the rule."""
    verdict = judge()
    with transaction.atomic():
        post_judged(verdict)
        others = [run_beside(lambda: post_judged(verdict)), run_beside(lambda: delete(rule))]
        for thread, _errors in others:
            thread.join(10)
        assert [(thread.is_alive(), errors) for thread, errors in others] == [(False, [])] * 2
    assert Comment.objects.held().count() == 2


def test_two_moderators_undo_changes_of_one_rule_at_once(rule):
    by = factories.moderator()
    save_lines(parse_rules("nudge 馬鹿 (馬鹿力)"), by=by)
    save_lines(parse_rules("refuse 馬鹿"), by=by)
    acts = list(ModerationAction.objects.all())
    threads = [run_beside(lambda act=act: undo_acts([act], by=by)) for act in acts]
    for thread, errors in threads:
        thread.join(30)
        assert not errors
    rule.refresh_from_db()
    assert (rule.action, rule.allowed, rule.is_on) == ("hold", "", True)
