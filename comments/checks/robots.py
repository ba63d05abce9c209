"""Checks that tell robots from readers."""

from django.utils.translation import gettext as _

from comments.checks.verdict import hold, refuse


def honeypot(draft, facts):
    """Hold a comment whose hidden field, which people do not see, is filled in."""
    if draft.website:
        return hold(
            "honeypot", _("A hidden field was filled in. A moderator will check your comment.")
        )
    return None


def form_token(draft, facts):
    """Refuse a token that is too fresh, too old or forged. A missing token is accepted: the page
    may have been read without JavaScript."""
    messages = {
        "early": _("This was sent unusually fast. Please send it again."),
        "expired": _("This form has expired. Please send it again."),
        "forged": _("This form belongs to another page. Please send it again."),
    }
    if facts.token in messages:
        return refuse("token", messages[facts.token])
    return None
