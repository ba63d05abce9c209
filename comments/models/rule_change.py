"""Changes of word rules as acts of the ledger: who changed which rule, and how to undo it."""

from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from comments.models.ledger import ModerationAction
from comments.models.states import Actor, Verb
from comments.models.word_rule import BATCH, WordRule, WordRuleVersion
from comments.refusals import Changed
from comments.word_rules.rule_text import write_rules


class RuleChange(models.Model):
    """What an act did to a word rule: its fields before and after."""

    action = models.ForeignKey(
        ModerationAction,
        models.PROTECT,
        related_name="rule_changes",
        verbose_name=_("moderation action"),
    )
    rule = models.ForeignKey(
        WordRule, models.PROTECT, related_name="changes", verbose_name=_("word rule")
    )
    before = models.JSONField(_("before"))
    after = models.JSONField(_("after"))

    class Meta:
        verbose_name = _("change of a word rule")
        verbose_name_plural = _("changes of word rules")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.label}: {self.line}"

    @property
    def label(self):
        was, now = self.before, self.after
        if was["is_deleted"] != now["is_deleted"]:
            return _("Deleted") if now["is_deleted"] else _("Added")
        if was["is_on"] != now["is_on"]:
            return _("Switched on") if now["is_on"] else _("Switched off")
        return _("Changed")

    @property
    def changed_fields(self):
        return {name: now for name, now in self.after.items() if now != self.before[name]}

    @property
    def is_addition(self):
        return self.before["is_deleted"] and not self.after["is_deleted"]

    @property
    def line(self):
        """The rule as text, as the act left it."""
        rule = WordRule(kind=self.rule.kind, text=self.rule.text)
        rule.take_fields(self.after)
        return write_rules([rule.as_line()]).strip()


def save_lines(lines, *, by):
    """Save the rules of a text (``RuleLine``) as one act of the ledger: those with a new word are
    added, others changed. Returns the act, or None if all are as the text says."""
    wanted = {}
    for line in lines:
        rule = WordRule.from_line(line)
        wanted[rule.kind, rule.text] = rule.fields
    return _change_rules(wanted, by=by)


def save_rule(rule, *, seen, by):
    """Save one rule as an act of the ledger. Raises ``Changed`` unless the stored rule is as its
    stamp ``seen`` says."""
    with transaction.atomic():
        WordRuleVersion.lock()
        stored = WordRule.objects.filter(kind=rule.kind, text=rule.text).first()
        if (stored.stamp if stored else "") != seen:
            raise Changed(_describe_newest(stored or rule))
        return save_lines([rule.as_line()], by=by)


def switch_off(rule, *, by):
    """Switch a rule off as an act of the ledger; its other fields stay as they are."""
    return _change_rules({(rule.kind, rule.text): {"is_on": False}}, by=by)


def mark_deleted(rule, *, by):
    """Delete a rule that is off, as an act of the ledger. Raises ``Changed`` if it is on."""
    with transaction.atomic():
        WordRuleVersion.lock()
        rule.refresh_from_db(fields=WordRule.CHANGING)
        if rule.is_on:
            raise Changed(_describe_newest(rule))
        return _change_rules({(rule.kind, rule.text): {"is_deleted": True}}, by=by)


def _describe_newest(rule):
    """Return what happened last to a rule, in a list of one sentence."""
    newest = Coalesce("action__undone_at", "action__created_at").desc()
    changes = RuleChange.objects.filter(rule=rule.pk).order_by(newest, "-pk")
    change = changes.select_related("action__moderator", "action__undone_by").first()
    return [change.action.describe() if change else str(rule)]


def _change_rules(wanted, *, by):
    """Change rules: ``wanted`` are their new fields by kind and text."""
    with transaction.atomic():
        WordRuleVersion.lock()
        rules = WordRule.objects.all()
        if len(wanted) < BATCH:
            rules = rules.filter(text__in=[text for _kind, text in wanted])
        known = {(rule.kind, rule.text): rule for rule in rules}
        added = [
            WordRule(kind=kind, text=text, created_by=by, is_on=False, is_deleted=True)
            for kind, text in wanted
            if (kind, text) not in known
        ]
        WordRule.objects.bulk_create(added)
        known |= {(rule.kind, rule.text): rule for rule in added}
        changes = []
        for key, fields in wanted.items():
            before = known[key].fields
            known[key].take_fields(fields)
            if known[key].fields != before:
                changes.append(RuleChange(rule=known[key], before=before, after=known[key].fields))
        return _record(changes, by=by) if changes else None


def _record(changes, *, by):
    rules = [change.rule for change in changes]
    WordRule.objects.bulk_update(rules, WordRule.CHANGING, batch_size=BATCH)
    actor = Actor.MODERATOR if by else Actor.SITE
    action = ModerationAction.objects.create(verb=Verb.RULES, moderator=by, actor=actor)
    for change in changes:
        change.action = action
    RuleChange.objects.bulk_create(changes, batch_size=BATCH)
    return action
