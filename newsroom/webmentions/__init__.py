"""Webmentions (W3C): pages of other sites that link to an article tell it so, and articles tell the
pages that they link to.

The libraries that stand are under the GPL and AGPL, and fetch addresses of private networks too.
What a request brings is only written down; a command fetches, with the limits of
``articles.download``. What it finds waits for a moderator.
"""
