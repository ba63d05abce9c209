"""What a person does at a login with a second factor."""

import re
from base64 import b32decode

from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

OVERVIEW = "/admin/second-factor/"
VERIFY = OVERVIEW + "verify/"
ADD_APP = OVERVIEW + "app/"
CODES = OVERVIEW + "codes/"
PASSWORD = "a good password"


def show_code(app, clock):
    """What the app shows now."""
    totp = TOTP(app.bin_key)
    totp.time = clock.now.timestamp()
    return f"{totp.token():06d}"


def log_in(client, name="editor", password=PASSWORD, **query):
    form = {"username": name, "password": password}
    return client.post(reverse("admin:login", query=query or None), form)


def verify(client, code):
    return client.post(VERIFY, {"code": code})


def read_secret(page):
    """The key that a page shows for typing, as a device with it."""
    text = re.search(r"<code>([A-Z2-7 ]+)</code>", page.content.decode())[1]
    return TOTPDevice(key=b32decode(text.replace(" ", "")).hex())


def enrol(client, clock):
    app = read_secret(client.get(ADD_APP))
    return client.post(ADD_APP, {"name": "電話", "code": show_code(app, clock)}), app
