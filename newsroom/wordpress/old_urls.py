"""Addresses as old texts hold them: some are none at all."""

from urllib.parse import SplitResult, unquote, urlsplit


def split_url(url):
    """Return the parts of an address, all of them empty where it is none. Never raises."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def read_path(url):
    """Return the path of an address without percent-encoding."""
    return unquote(split_url(url).path).replace("\0", "")


def read_host(url):
    """Return the host of an address without ``www.``; empty where it has none."""
    return (split_url(url).hostname or "").removeprefix("www.")
