"""Passkeys: the options that a browser needs, and what it answers. Each challenge is used once."""

import json
from urllib.parse import urlsplit

from django.conf import settings
from django_otp_webauthn.exceptions import OTPWebAuthnApiError
from django_otp_webauthn.helpers import WebAuthnHelper
from webauthn.helpers.exceptions import WebAuthnException

STATE = "passkey_state"  # in the session
LONGEST = 20_000  # characters of an answer
# What the libraries raise at an answer that is not right, or no answer at all.
WRONG = (OTPWebAuthnApiError, WebAuthnException, ValueError, TypeError, KeyError, RecursionError)


def are_possible():
    """Browsers know passkeys of names only, under HTTPS or on this machine."""
    return settings.HTTPS or urlsplit(settings.SITE_URL).hostname == "localhost"


class SiteHelper(WebAuthnHelper):
    def get_relying_party_domain(self):
        return urlsplit(settings.SITE_URL).hostname

    def get_relying_party_name(self):
        return settings.SITE_NAME

    def get_allowed_origins(self):
        return [settings.SITE_URL]


def begin_registration(request, user):
    """Return the options for ``navigator.credentials.create``."""
    options, request.session[STATE] = SiteHelper(request).register_begin(user)
    return options


def complete_registration(request, user):
    """Return the new device, saved without a name, or None for an answer that is not right."""
    return _complete(request, lambda helper, *found: helper.register_complete(user, *found))


def begin_authentication(request, user):
    """Return the options for ``navigator.credentials.get``."""
    options, request.session[STATE] = SiteHelper(request).authenticate_begin(
        user, require_user_verification=False
    )
    return options


def complete_authentication(request, user):
    """Return the device that signed the challenge, or None."""
    device = _complete(request, lambda helper, *found: helper.authenticate_complete(user, *found))
    return device if device and device.confirmed else None


def _complete(request, act):
    state, text = request.session.pop(STATE, None), request.POST.get("credential", "")
    request.session.save()  # whatever follows, this challenge is used up
    if not state or len(text) > LONGEST:
        return None
    try:
        return act(SiteHelper(request), state, json.loads(text))
    except WRONG:
        return None
