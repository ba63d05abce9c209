"""Addresses in old texts, some of which are malformed. No function here raises."""

from urllib.parse import SplitResult, unquote, urlsplit

from articles.web.html import remove_unprintable


def split_url(url):
    """Return the parts of an address, all empty for a malformed one."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def read_path(url):
    """Return the path of an address without percent-encoding."""
    return remove_unprintable(unquote(split_url(url).path))


def read_host(url):
    """Return the host of an address without ``www.``, or an empty string."""
    return (split_url(url).hostname or "").removeprefix("www.")
