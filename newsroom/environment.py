"""Reads the environment: the variables of the process, else those of the file ``.env``.

Each ``parse_…`` takes what an operator wrote and returns what Django needs. It raises a
ValueError that says what is wrong, without repeating a password.
"""

import ipaddress
import os
import re
import secrets
from importlib.util import find_spec
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from environs import Env, validate

PORTS = {"http": 80, "https": 443}  # of an address without one
POOL_TIMEOUT = 1  # seconds that a request waits for a connection
KEY_FUNCTION = "newsroom.site_identity.build_cache_key"  # adds the identity of the database


class SecretKeyMissing(ImproperlyConfigured):
    def __str__(self):
        return (
            "SECRET_KEY is not set. Set it in the environment or in .env to a long random string "
            "that nobody else knows, or set DEBUG=on on a private machine."
        )


class Environment:
    """Reads variables. A wrong value raises ImproperlyConfigured with the variable's name."""

    def __init__(self, env_file):
        self._env = Env()
        try:
            self._env.read_env(env_file, recurse=False)
        except (OSError, ValueError) as error:  # ValueError: a folder
            raise ImproperlyConfigured(f"The file {env_file} cannot be read.") from error

    def read_flag(self, name, default):
        return self._read(self._env.bool, name, default)

    def read_text(self, name, default, *, shortest=0):
        return self._read(self._env.str, name, default, validate=validate.Length(min=shortest))

    def read_count(self, name, default, *, least=0):
        return self._read(self._env.int, name, default, validate=validate.Range(min=least))

    def read_parsed(self, name, default, parse, **options):
        return self._read(
            lambda *variable: parse(self._env.str(*variable), **options), name, default
        )

    def read_secret_key(self):
        default = "not-secret-only-for-debugging" if self.read_flag("DEBUG", False) else ""
        if key := self.read_text("SECRET_KEY", default):
            return key
        raise SecretKeyMissing

    @staticmethod
    def _read(reader, name, default, **options):
        try:
            return reader(name, default, **options)
        except ValueError as error:  # also every error of environs
            raise ImproperlyConfigured(
                f"The environment variable {name} is wrong: {error}"
            ) from error


def ensure_secret_key(env_file):
    """Append a random SECRET_KEY to a file that only its owner may read, unless a key is set.
    Returns whether it did."""
    try:
        Environment(env_file).read_secret_key()
    except SecretKeyMissing:
        try:
            descriptor = os.open(env_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            raise ImproperlyConfigured(
                f"The file {env_file} cannot be written: {error.strerror}. The demo needs a folder "
                "that it may write into."
            ) from error
        with open(descriptor, "a", encoding="utf-8") as file:
            os.fchmod(descriptor, 0o600)
            line_break = "\n" if file.tell() else ""
            file.write(f"{line_break}SECRET_KEY={secrets.token_urlsafe(48)}\n")
        return True
    return False


def split_list(text):
    """Return the parts of a comma-separated list."""
    return [part.strip() for part in text.split(",") if part.strip()]


def parse_hosts(text):
    if not (parts := split_list(text)):
        raise ValueError("it names no host, so the site would answer nobody")
    return parts


def split_url(text):
    """Return the parts of an address. Raises a ValueError that repeats nothing of it."""
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  raises, too
    except ValueError:
        raise ValueError("it is no address; percent-encode the special characters") from None
    return parts


def parse_site_url(text):
    """Return the http:// or https:// address of a host as browsers write it, without a slash at
    the end."""
    url = text.rstrip("/").lower()
    parts = split_url(url)
    is_host = parts.scheme in PORTS and parts.hostname and parts.port != 0
    if not is_host or "@" in url or url != f"{parts.scheme}://{parts.netloc}":
        raise ValueError("it is not the address of a host, such as https://example.org")
    if not url.isascii():
        raise ValueError("its host is not in ASCII: write it as browsers send it (xn--…)")
    return url.removesuffix(f":{PORTS[parts.scheme]}")


def parse_networks(text):
    """Return the networks of a comma-separated list of addresses, CIDR ranges and ``unix``."""
    return [part if part == "unix" else ipaddress.ip_network(part) for part in split_list(text)]


def parse_mail_addresses(text):
    for address in (parts := split_list(text)):
        if not re.fullmatch(r"[^\s@]+@[^\s@]+", address):
            raise ValueError(f"{address!r} is not a mail address")
    return parts


def parse_time_zone(text):
    try:
        ZoneInfo(text)
    except (ValueError, OSError, KeyError) as error:
        raise ValueError(f"{text!r} is not a time zone, such as Asia/Tokyo") from error
    return text


def parse_folder(text, *, base):
    """Return a path; a relative one starts at ``base``."""
    if not text:
        raise ValueError("it names no folder")
    return base / text


def parse_optional_folder(text, *, base):
    return parse_folder(text, base=base) if text else None


def parse_media_storage(text):
    """Return Django's settings of the media's storage and their MEDIA_URL: for an empty text a
    folder, else a bucket by s3://KEY:SECRET@HOST/BUCKET, s3+http:// for one without TLS.

    ``?url=`` is the address by which readers reach the bucket, ``?region=`` its region. Without
    KEY and SECRET boto3 looks for them in its own places.
    """
    if not text:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}, "/media/"
    url = split_url(text)
    if url.scheme not in {"s3", "s3+http"}:
        raise ValueError("it begins with neither s3:// nor s3+http://")
    if not find_spec("storages"):
        raise ValueError("django-storages is missing; run .venv/bin/pip install '.[s3]'")
    options = dict(parse_qsl(url.query))
    bucket, place = url.path.strip("/"), url.netloc.rpartition("@")[2]
    if not place or not bucket or "/" in bucket or options.keys() - {"url", "region"}:
        raise ValueError("it is not s3://KEY:SECRET@HOST/BUCKET?url=ADDRESS&region=NAME")
    endpoint = f"{'https' if url.scheme == 's3' else 'http'}://{place}"
    public = split_url(options.get("url") or f"{endpoint}/{bucket}")
    if public.scheme not in {"http", "https"} or not public.netloc:
        raise ValueError("its url is no address, such as https://media.example.org")
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "access_key": unquote(url.username) if url.username else None,
            "secret_key": unquote(url.password) if url.password else None,
            "bucket_name": bucket,
            "endpoint_url": endpoint,
            "region_name": options.get("region"),
            "custom_domain": f"{public.netloc}{public.path.rstrip('/')}",
            "url_protocol": f"{public.scheme}:",
            "querystring_auth": False,  # pages are kept longer than a signature
            "file_overwrite": False,
            "object_parameters": {"CacheControl": "public, max-age=3600"},
        },
    }, f"{public.geturl().rstrip('/')}/"


def parse_hours(text):
    """Return a whole number of hours, from 1 to 8,760 (a year)."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 8_760):
        raise ValueError("it is no whole number from 1 to 8760")
    return int(text)


def parse_choice(text, *, choices):
    if text not in choices:
        raise ValueError(f"{text!r} is none of {', '.join(choices)}")
    return text


def parse_database(text, *, base, pool_size, prepares=True):
    """Return the settings for an SQLite or PostgreSQL address, tuned for concurrent requests."""
    scheme, separator, _rest = text.partition("://")
    if not separator or scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ValueError("it begins with neither sqlite:// nor postgres://")
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
    else:
        if not settings["NAME"]:
            raise ValueError("it names no database")
        if prepares:  # a connection plans a repeated statement once
            options.update(server_side_binding=True, prepare_threshold=5)
        settings["ENGINE"] = "newsroom.postgresql"  # no request gets a connection that has died
        options.update(connect_timeout=2)  # seconds, libpq's least
        # What an index leads to is in memory or on a solid-state disk. The default of 4 is that of
        # a turning one, for which PostgreSQL would rather read a table of 20,000 rows whole.
        options.update(options="-c random_page_cost=1.1")
        # A peer that is gone without a word: seconds without an acknowledgement, milliseconds.
        options.update(keepalives_idle=30, keepalives_interval=5, keepalives_count=3)
        options.update(tcp_user_timeout=20_000)
        if pool_size:
            options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": POOL_TIMEOUT}
            options["pool"]["reconnect_timeout"] = POOL_TIMEOUT  # then at the next request
    return settings


def parse_mail(text):
    """Return Django's settings of a mail server: console:// (printed only), smtp://, smtp+tls://
    (STARTTLS) or smtps:// (TLS), with user:password@host:port."""
    url = split_url(text)
    ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    backend = "django.core.mail.backends.{}.EmailBackend"
    if url.scheme == "console":
        return {"BACKEND": backend.format("console")}
    if url.scheme not in ports:
        raise ValueError("it begins with none of console://, smtp://, smtp+tls://, smtps://")
    if not url.hostname:
        raise ValueError("it names no host")
    return {
        "BACKEND": backend.format("smtp"),
        "HOST": url.hostname,
        "PORT": url.port or ports[url.scheme],
        "HOST_USER": unquote(url.username or ""),
        "HOST_PASSWORD": unquote(url.password or ""),
        "USE_TLS": url.scheme == "smtp+tls",
        "USE_SSL": url.scheme == "smtps",
    }


def parse_caches(text, *, key_prefix):
    """Return the settings of the caches behind an address (locmem://, redis://, rediss:// or
    unix://): the default one, that of pages and that of the threads on them. In memory the last two
    are small: compressed, a page with 90 comments takes 40 kB, its thread 25."""
    scheme = split_url(text).scheme
    if scheme == "locmem":
        return {
            name: {
                "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
                "LOCATION": name,
                "KEY_PREFIX": key_prefix,
                "KEY_FUNCTION": KEY_FUNCTION,
                "OPTIONS": {"MAX_ENTRIES": entries},
            }
            for name, entries in {"default": 20_000, "pages": 2_000, "threads": 1_000}.items()
        }
    if scheme in {"redis", "rediss", "unix"}:
        backend = "newsroom.redis_cache.ForgivingRedisCache"
        keys = {"KEY_PREFIX": key_prefix, "KEY_FUNCTION": KEY_FUNCTION}
        cache = {"BACKEND": backend, "LOCATION": text, **keys}
        return {"default": cache, "pages": cache.copy(), "threads": cache.copy()}
    raise ValueError("it begins with none of locmem://, redis://, rediss://, unix://")


def parse_optional_address(text):
    """Return an absolute http or https address, or nothing."""
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValueError(f"{text} is no address such as https://hub.example.org/")
    return text


def parse_push_key(text):
    """Return a private key for Web Push, 32 bytes in base64url, or nothing."""
    if text and not re.fullmatch(r"[A-Za-z0-9_-]{43}", text):
        raise ValueError("manage.py make_push_key prints a key, which has 43 characters")
    return text


def parse_indexnow_key(text):
    """Return a key of IndexNow, which has 8 to 128 letters, digits and dashes, or nothing."""
    if text and not re.fullmatch(r"[A-Za-z0-9-]{8,128}", text):
        raise ValueError("the key has 8 to 128 letters, digits and dashes")
    return text
