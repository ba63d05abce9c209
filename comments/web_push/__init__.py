"""Web Push: messages to the browsers of readers whose comments were answered.

``messages`` encrypts and signs them, ``delivery`` sends them to the push services of browsers, and
``answers`` finds whom to tell of what. The encryption is thirty lines over ``cryptography``, which
is here anyway; pywebpush would bring an HTTP client of its own, without our rules about addresses.
"""
