"""What a person has as a second factor, and how it is checked."""

import unicodedata
from base64 import b32encode
from secrets import token_bytes
from time import time

import django_otp
import segno
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.safestring import mark_safe
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex
from django_otp_webauthn.models import WebAuthnCredential

from newsroom.rights import log_change

APP, PASSKEY = "app", "passkey"
MODELS = {APP: TOTPDevice, PASSKEY: WebAuthnCredential}
RECOVERY_CODES = 10
CODE_BYTES = 10  # 80 random bits, 16 characters
HASH_LENGTH = 16  # characters that a StaticToken holds


def list_devices(user):
    """Return (kind, device) of the apps and passkeys of a person, oldest first."""
    found = [
        (kind, device)
        for kind, model in MODELS.items()
        for device in model.objects.devices_for_user(user, confirmed=True)
    ]
    return sorted(found, key=lambda row: (row[1].created_at, row[0], row[1].pk))


def is_enrolled(user):
    return any(
        model.objects.devices_for_user(user, confirmed=True).exists() for model in MODELS.values()
    )


def has_passkey(user):
    return MODELS[PASSKEY].objects.devices_for_user(user, confirmed=True).exists()


class NewApp:
    """An authenticator app that has the key, and has not shown a code yet."""

    def __init__(self, user, key=None):
        self.device = TOTPDevice(user=user, key=key or random_hex(20))

    @property
    def key(self):
        return self.device.key

    @property
    def secret(self):
        """The key as people type it, in groups of four."""
        text = b32encode(self.device.bin_key).decode()
        return " ".join(text[start : start + 4] for start in range(0, len(text), 4))

    @property
    def picture(self):
        """The QR code as an SVG element. It holds no style and no address, as the CSP demands."""
        code = segno.make(self.device.config_url, error="m", micro=False)
        return mark_safe(code.svg_inline(border=4, omitsize=True))  # squares only

    def confirm(self, code, *, name):
        """Return the device, unsaved, if the app shows this code now; the code is used up."""
        totp = TOTP(self.device.bin_key, self.device.step, self.device.t0, self.device.digits)
        totp.time = time()
        if not (code.isdigit() and totp.verify(int(code), self.device.tolerance)):
            return None
        self.device.name, self.device.last_t, self.device.drift = name, totp.t(), totp.drift
        return self.device


def normalize_code(text):
    """Return a code as it is compared: without blanks and hyphens, in lower case."""
    text = unicodedata.normalize("NFKC", text).lower()
    return "".join(letter for letter in text if letter.isascii() and letter.isalnum())


def verify_code(user, text):
    """Return the device that accepts a code, which is used up, or None.

    A code of six digits is an app's, any other a recovery code. Rows are locked while they are
    compared, so that of two requests with one code one succeeds.
    """
    code = normalize_code(text)
    if len(code) == 6 and code.isdigit():
        devices = TOTPDevice.objects.devices_for_user(user, confirmed=True)
    else:
        devices = StaticDevice.objects.devices_for_user(user, confirmed=True)
        code = _hash_code(user, code)
    ids = [device.persistent_id for device in devices]
    return next(filter(None, (django_otp.verify_token(user, pk, code) for pk in ids)), None)


@transaction.atomic
def create_recovery_codes(user):
    """Replace the recovery codes of a person. Return the new ones, of which only hashes stay."""
    StaticDevice.objects.devices_for_user(user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = [b32encode(token_bytes(CODE_BYTES)).decode().lower() for _n in range(RECOVERY_CODES)]
    for code in codes:
        device.token_set.create(token=_hash_code(user, code))
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in codes]


def count_recovery_codes(user):
    return sum(device.token_set.count() for device in StaticDevice.objects.filter(user=user))


def _hash_code(user, code):
    salt = "newsroom.second_factor"
    return salted_hmac(salt, f"{user.pk} {code}", algorithm="sha256").hexdigest()[:HASH_LENGTH]


@transaction.atomic
def remove_device(kind, device):
    """Remove a device. The last one takes the recovery codes and all sessions with it."""
    user = device.user
    device.delete()
    log_change(f"user {user.pk} loses a second factor ({kind})")
    if not is_enrolled(user):
        StaticDevice.objects.filter(user=user).delete()
        user.end_sessions()


@transaction.atomic
def reset_second_factor(user):
    """Remove all devices and codes of a person, and end their sessions. Return the number of
    devices."""
    devices = list_devices(user)
    for _kind, device in devices:
        device.delete()
    StaticDevice.objects.filter(user=user).delete()
    user.end_sessions()
    log_change(f"user {user.pk} loses each second factor")
    return len(devices)
