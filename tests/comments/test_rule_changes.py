"""Changes of word rules in the ledger: undone field by field, and only as they were seen."""

import pytest

from comments.models import ModerationAction, WordRule
from comments.models.rule_change import save_lines
from comments.word_rules.rule_text import parse_rules

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
