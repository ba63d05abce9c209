"""The compiled word rules of this process, renewed when the rules have changed."""

from threading import Lock

from articles.models import compiled
from comments.models.word_rule import WordRule, WordRuleVersion
from comments.word_rules import Matcher, Rule

_lock = Lock()
_current = None, Matcher()  # the version's token, and the rules compiled from it


def read_matcher(fetch=None):
    """Return the matcher of the rules that are switched on. Costs one query of one row; after a
    change of the rules, also the time to compile them. ``fetch`` returns what ``list_tokens``
    holds, if that was read with something else."""
    global _current
    token = next(iter((fetch or _tokens)()), None)
    if token != _current[0]:
        with _lock:
            if token != _current[0]:
                _current = token, compile_rules(WordRule.objects.on() if token else ())
    return _current[1]


def list_tokens():
    """The token of the present rules: a row that every change of the rules replaces, or none."""
    return WordRuleVersion.objects.order_by().values_list("token", flat=True)


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
    return list_tokens()
