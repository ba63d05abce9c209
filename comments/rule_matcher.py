"""The compiled word rules of this process, renewed when the rules have changed."""

from threading import Lock

from articles.models import compiled
from comments.models.word_rule import WordRule, WordRuleVersion
from comments.word_rules import Matcher, Rule

_lock = Lock()
_current = None, Matcher()  # the version's token, and the rules compiled from it


def read_matcher(fetch=None):
    """Return the matcher of the rules that are switched on. Costs one query of one row; after a
    change of the rules, also the time to compile them. ``fetch`` is what ``send_token``
    returned."""
    global _current
    token = next(iter((fetch or send_token())()), None)
    if token != _current[0]:
        with _lock:
            if token != _current[0]:
                _current = token, compile_rules(WordRule.objects.on() if token else ())
    return _current[1]


def send_token():
    """Send the query of ``read_matcher``; returns a function that reads it."""
    return _tokens.send()


def compile_rules(rules):
    """Return the matcher of some ``WordRule`` objects."""
    return Matcher(
        Rule(
            text=rule.text,
            kind=rule.kind,
            action=rule.action,
            allowed=tuple(rule.allowed_words),
            pk=rule.pk,
        )
        for rule in rules
    )


@compiled.rows
def _tokens():
    return WordRuleVersion.objects.order_by().values_list("token", flat=True)
