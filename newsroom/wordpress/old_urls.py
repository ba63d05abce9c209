"""Addresses as old texts hold them: some are none at all."""

from urllib.parse import SplitResult, unquote, urlsplit


def parts_of(url):
    """Return the parts of an address, all of them empty where it is none. Never raises."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def path_of(url):
    """Return the path of an address without percent-encoding."""
    return unquote(parts_of(url).path).replace("\0", "")


def host_of(url):
    """Return the host of an address without ``www.``; empty where it has none."""
    return (parts_of(url).hostname or "").removeprefix("www.")
