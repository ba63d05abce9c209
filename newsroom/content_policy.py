"""The Content-Security-Policy of pages, for the settings."""

from urllib.parse import urlsplit

from articles import players

NONE, SELF = ["'none'"], ["'self'"]


def build_directives(media_url):
    """Return the directives; ``media_url`` may be on another host."""
    elsewhere = [media_url] if urlsplit(media_url).netloc else []
    return {
        **dict.fromkeys(["default-src", "base-uri", "frame-ancestors", "object-src"], NONE),
        **dict.fromkeys(["connect-src", "font-src", "form-action", "manifest-src"], SELF),
        **dict.fromkeys(["script-src", "style-src"], SELF),
        "frame-src": [*players.ALLOWED],
        "img-src": [*SELF, "data:", *elsewhere],
        "media-src": [*SELF, *elsewhere],
    }
