"""Checks that tell robots from readers."""

from django.utils.translation import gettext as _

from comments.checks.verdict import hold, refuse


def honeypot(draft, facts):
    """Hold what fills in the field that people do not see."""
    if draft.website:
        return hold("honeypot", _("The hidden field was filled in; somebody will look at this."))
    return None


def form_token(draft, facts):
    """Refuse a token that is too fresh, too old or not ours. No token is no fault: the page may
    have been read without JavaScript."""
    messages = {
        "early": _("That was faster than anybody types. Please send it once more."),
        "expired": _("This form was open for a long time. Please send it once more."),
        "forged": _("This form belongs to another place. Please send it once more."),
    }
    if facts.token in messages:
        return refuse("token", messages[facts.token])
    return None
