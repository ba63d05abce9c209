"""The second factor of a login: codes of an authenticator app, passkeys, and recovery codes.

django-otp stores and checks the codes, django-otp-webauthn the passkeys; the pages are ours. A
login whose password was right signs nobody in: it waits in the session (``pending.py``) until its
second factor is there, so no other page can mistake it for a login.
"""
