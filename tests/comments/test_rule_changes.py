"""Changes of word rules in the ledger: undone field by field, and only as they were seen."""

from contextlib import suppress

import pytest

from comments.models import ModerationAction, WordRule
from comments.models.ledger import undo_acts
from comments.models.rule_change import mark_deleted, save_lines, save_rule, switch_off
from comments.models.stamps import Stamp, add_act_stamps, find_changes_since
from comments.refusals import Changed
from comments.word_rules.rule_text import parse_rules
from tests import factories

pytestmark = pytest.mark.django_db


def save(text, by=None):
    return save_lines(parse_rules(text), by=by)


@pytest.fixture
def rule(db):
    save("- hold 馬鹿")
    return WordRule.objects.get()


def test_undoing_an_act_takes_back_its_fields_and_keeps_later_ones(rule):
    on = save("hold 馬鹿")
    save("hold 馬鹿 (馬鹿力) # 罵倒")
    on.undo(by=None)
    rule.refresh_from_db()
    assert (rule.is_on, rule.allowed, rule.note) == (False, "馬鹿力", "罵倒")


def test_undoing_the_addition_deletes_a_rule_that_was_switched_on_later(rule):
    save("hold 馬鹿")
    ModerationAction.objects.earliest("pk").undo(by=None)
    rule.refresh_from_db()
    assert (rule.is_deleted, rule.is_on) == (True, False)


def press_undo(act, by, seen):
    """Undo an act, alone and in a bulk; return why it was refused as changed, if it was."""
    with suppress(Changed):
        ModerationAction.objects.get(pk=act.pk).undo(by=by, seen=seen)
        return ""
    [refusal] = undo_acts([act], by=by, seen={act.pk: seen}).values()
    return str(refusal)


@pytest.mark.parametrize("later", ["change", "undo"])
def test_undoing_is_refused_once_another_act_changed_the_rule(rule, later):
    by, colleague = factories.moderator(), factories.user("三澄")
    on = save("hold 馬鹿", by=by)
    add_act_stamps([on])
    seen, last = on.seen, save("refuse 馬鹿", by=colleague)
    if later == "undo":
        add_act_stamps([on])
        seen = on.seen
        last.undo(by=colleague)
    assert last.describe() in press_undo(on, by, seen)
    add_act_stamps([on])
    save("hold 阿呆", by=colleague)
    assert not press_undo(on, by, on.seen)


def test_the_stamps_of_acts_about_rules_are_one_more_query(rule, django_assert_num_queries):
    acts = [save("hold 馬鹿"), save("hold 阿呆\nhold 間抜け"), save("refuse 馬鹿\nrefuse 阿呆")]
    with django_assert_num_queries(2):
        add_act_stamps(acts)
    assert not any(find_changes_since(act, Stamp.read(act.seen)) for act in acts)


def test_switching_off_keeps_what_a_colleague_saved_meanwhile(rule):
    save("nudge 馬鹿 (馬鹿力)")
    switch_off(rule, by=None)
    rule.refresh_from_db()
    assert (rule.is_on, rule.action, rule.allowed) == (False, "nudge", "馬鹿力")


def test_a_rule_that_a_colleague_switched_on_is_not_deleted(rule):
    save("hold 馬鹿", by=factories.user("三澄"))
    with pytest.raises(Changed, match="三澄"):
        mark_deleted(rule, by=None)
    assert WordRule.objects.on().get() == rule


@pytest.mark.parametrize("meanwhile", ["change", "undo", "delete", "add"])
def test_a_rule_is_saved_only_as_it_was_seen(rule, meanwhile):
    colleague, text = factories.user("三澄"), "馬鹿"
    last = save("- hold 馬鹿 # 古い", by=colleague)
    rule.refresh_from_db()
    seen = rule.stamp
    if meanwhile == "change":
        save("nudge 馬鹿", by=colleague)
    elif meanwhile == "undo":
        last.undo(by=colleague)
    elif meanwhile == "delete":
        mark_deleted(rule, by=colleague)
    else:
        text, seen = "阿呆", WordRule().stamp
        save("hold 阿呆", by=colleague)
    before = list(WordRule.objects.values())
    mine = WordRule(text=text, action="refuse")
    with pytest.raises(Changed, match="三澄"):
        save_rule(mine, seen=seen, by=None)
    assert list(WordRule.objects.values()) == before
    save_rule(mine, seen=WordRule.objects.get(text=text).stamp, by=None)
    assert WordRule.objects.on().get(text=text).action == "refuse"
