"""Rate limits of votes, reports and edits, for a reader and for all of one network together."""

from django.conf import settings

from articles.web.rate_limits import count_action
from comments.refusals import TooFast


def keep_rate(action, reader):
    """Count a ``vote``, ``report`` or ``edit``; raises ``TooFast`` above the limit of the settings.

    The network is counted first, as it may send forged keys. A reader whose key is new has done
    nothing yet. Without any key, the network counts as the reader.
    """
    if not settings.COMMENT_LIMITS:
        return
    _keep(f"network_{action}_rate", reader.network_hash)
    if not reader.new_key:
        _keep(f"{action}_rate", reader.hash or reader.network_hash)


def _keep(rule, who):
    wait = count_action(rule, who, settings.COMMENT_RULES[rule])
    if wait:
        raise TooFast(wait)
