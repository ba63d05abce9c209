"""What the values of settings may be: each function takes what an operator wrote and returns
what Django needs, or raises a ValueError that says what is wrong, without repeating a password.
"""

import ipaddress
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import dj_database_url


def several(text):
    """Return the parts of a comma separated list."""
    return [part.strip() for part in text.split(",") if part.strip()]


def hosts(text):
    if not (parts := several(text)):
        raise ValueError("it names no host, so the site would answer nobody")
    return parts


def site_url(text):
    """Return the address of a host, http://… or https://…, without a slash at its end."""
    url = text.rstrip("/")
    parts = urlsplit(url)
    is_host = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    if not is_host or "@" in url or url != f"{parts.scheme}://{parts.netloc}":
        raise ValueError("it is not the address of a host, such as https://example.org")
    return url


def networks(text):
    """Return the networks of a comma separated list of addresses, CIDR ranges and ``unix``."""
    return [part if part == "unix" else ipaddress.ip_network(part) for part in several(text)]


def time_zone(text):
    try:
        ZoneInfo(text)
    except (ValueError, OSError, KeyError) as error:
        raise ValueError(f"{text!r} is not a time zone, such as Asia/Tokyo") from error
    return text


def folder(text, *, base):
    """Return a path; a relative one begins at ``base``."""
    if not text:
        raise ValueError("it names no folder")
    return base / text


def one_of(text, *, choices):
    if text not in choices:
        raise ValueError(f"{text!r} is none of {', '.join(choices)}")
    return text


def database(text, *, base, pool_size, prepares=True):
    """Return the settings of an SQLite or PostgreSQL address, with what concurrency needs."""
    settings = dj_database_url.parse(text)
    options = settings.setdefault("OPTIONS", {})
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        if settings["NAME"] != ":memory:":
            settings["NAME"] = base / settings["NAME"]
        settings["CONN_MAX_AGE"] = None
        options.update(
            transaction_mode="IMMEDIATE",
            timeout=60,
            init_command=(
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32768;"
            ),
        )
    elif settings["ENGINE"] == "django.db.backends.postgresql":
        if not settings["NAME"]:
            raise ValueError("it names no database")
        if prepares:  # what runs all the time is parsed and planned once for a connection
            options.update(server_side_binding=True, prepare_threshold=5)
        if pool_size:
            options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 10}
    else:
        raise ValueError("it begins with neither sqlite:// nor postgres://")
    return settings


def caches(text):
    """Return the settings of the caches behind an address (locmem://, redis://, rediss:// or
    unix://): the usual one, and one for whole pages, of which a process keeps few itself."""
    return {"default": _cache(text, 20_000), "pages": _cache(text, 300)}


def _cache(text, entries):
    scheme = urlsplit(text).scheme
    if scheme == "locmem":
        return {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": f"of-{entries}",
            "OPTIONS": {"MAX_ENTRIES": entries},
        }
    if scheme in {"redis", "rediss", "unix"}:
        return {"BACKEND": "newsroom.redis_cache.ForgivingRedisCache", "LOCATION": text}
    raise ValueError("it begins with none of locmem://, redis://, rediss://, unix://")
