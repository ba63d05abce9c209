"""The check of words: the rules of the moderators about wording."""

from django.utils.translation import gettext as _

from comments.checks.verdict import Outcome, Verdict


def words(draft, facts):
    """Hold, refuse or question a comment in whose text or name a word rule is found."""
    hit, text = facts.word_rules.find_gravest(draft.text), draft.text
    if hit is None:
        hit, text = facts.word_rules.find_gravest(draft.name), draft.name
    if hit is None:
        return None
    message = {
        "refuse": _("This site does not accept the wording “%(words)s”. Please change it."),
        "hold": _("Some of the wording will be checked by a moderator before it is published."),
        "nudge": _("Your comment contains “%(words)s”. Post it anyway?"),
    }[hit.rule.action]
    return Verdict(
        Outcome[hit.rule.action.upper()],
        reason="words",
        message=message % {"words": text[hit.start : hit.end]},
        span=(hit.start, hit.end) if text is draft.text else None,
        rule=hit.rule.pk,
    )
