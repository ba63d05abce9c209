"""How often a reader, and the readers of one network together, may vote and report."""

from django.conf import settings

from articles.web.rate_limits import count_action
from comments.refusals import TooFast


def keep_rate(deed, reader):
    """Count a ``vote`` or ``report``; raises ``TooFast`` above ``settings.COMMENT_RULES``.

    The network comes first, as the keys that it sends may be forged. A reader whose key is new
    has done nothing yet; without any key the network is the reader.
    """
    if not settings.COMMENT_LIMITS:
        return
    _keep(f"network_{deed}_rate", reader.network_hash)
    if not reader.new_key:
        _keep(f"{deed}_rate", reader.hash or reader.network_hash)


def _keep(rule, who):
    wait = count_action(rule, who, settings.COMMENT_RULES[rule])
    if wait:
        raise TooFast(wait)
