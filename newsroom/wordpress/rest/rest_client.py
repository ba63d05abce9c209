"""Asks a running WordPress by its REST API.

A busy site is asked again: after the time that it names (``Retry-After``), else later and later.
The application password goes to the site's own host alone, and only over HTTPS.
"""

import http.client
import json
import re
import time
from base64 import b64encode
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from articles.download import AnswerRefused, FileRefused, fetch_answer
from articles.web.paging import read_integer
from newsroom.importing.broken_export import BrokenExport
from newsroom.importing.old_urls import read_host, split_url

ATTEMPTS = 5
PAUSE = 1.0  # seconds before the second attempt, twice that before the third …
LONGEST_WAIT = 300  # seconds that a site may ask to wait
LIMIT = 64 << 20  # bytes of one answer
PASSING = {408, 425, 429, 500, 502, 503, 504, *range(520, 528)}
OK = 200
API = "wp/v2"
JSON_START = re.compile(r"\[\s*+[{\]]|\{\s*+[\"}]")
STARTS = 20  # places where JSON may begin behind the warnings that PHP prints


class RestRefused(BrokenExport):
    """The site did not answer a request. ``code`` is WordPress's name for it, ``status`` HTTP's.

    ``is_passing`` says that another attempt may help, also one that asks for less.
    """

    def __init__(self, reason, *, code="", status=0, is_passing=False):
        super().__init__(0, reason)
        self.code, self.status, self.is_passing = code, status, is_passing


class RestAnswer(NamedTuple):
    """What the site answered: the address after redirects, the JSON, and how many there are."""

    address: str
    value: object
    total: int | None


class RestClient:
    """Asks one site. Without a login it sees what readers see."""

    def __init__(self, address, *, login="", password="", private_hosts=()):
        self.address = re.sub(r"/(?:wp-json(?:/.*)?)?$", "", address)
        self._authorization = build_authorization(login, password) if login else ""
        self._private_hosts = private_hosts
        self._root = ""

    @property
    def has_login(self):
        return bool(self._authorization)

    def connect(self):
        """Find the API; returns what it says about the site."""
        refusal = None
        for root in (f"{self.address}/wp-json/", f"{self.address}/?rest_route=/"):
            try:
                answer = self._find_root(root)
            except RestRefused as error:
                if not error.status or (error.is_passing and error.status != OK):
                    raise
                refusal = refusal or error
                continue
            namespaces = answer.value.get("namespaces") if isinstance(answer.value, dict) else ()
            if isinstance(namespaces, list) and API in namespaces:
                self._root = _cut_root(answer.address)
                return answer.value
        text = _(
            "no REST API of WordPress at %(address)s (%(reason)s). A plugin may block it: "
            "import an export file then."
        )
        reason = refusal or _("no JSON of WordPress")
        raise RestRefused(text % {"address": self.address, "reason": reason})

    def check_login(self):
        """Raise ``RestRefused`` if the site does not know the login."""
        try:
            self.fetch("users/me", context="edit", _fields="id")
        except RestRefused as error:
            if error.status not in {401, 403}:
                raise
            text = _(
                "the site refused the login: %s. Make an application password in WordPress under"
                " Users → Profile, and give it with the user name. If it is right, the web server"
                " may drop the header Authorization."
            )
            raise RestRefused(text % error, code=error.code, status=error.status) from error

    def fetch_rows(self, route, **query):
        """Return the rows of a page of a collection, those with an id, as ``RestAnswer``."""
        answer = self.fetch(route, **query)
        if not isinstance(answer.value, list):
            raise RestRefused(_("not a list: %s") % route, is_passing=True)
        rows = [row for row in answer.value if isinstance(row, dict) and _read_id(row) > 0]
        return answer._replace(value=rows)

    def fetch(self, route, *, attempts=None, **query):
        """Return the ``RestAnswer`` of a route below ``wp/v2``."""
        url = f"{self._root}/{API}/{route}"
        if query:
            url += ("&" if "?" in url else "?") + urlencode(query)
        return self._ask(url, self._authorization, attempts)

    def is_alive(self):
        """Whether the site answers at all."""
        try:
            self._ask(f"{self._root}/", "", 1)
        except RestRefused as error:
            return not error.is_passing
        return True

    def _find_root(self, root):
        """Ask for the root without the login, which goes where the redirects end if needed."""
        try:
            answer = self._ask(root, "", 2)
        except RestRefused as error:
            if error.status not in {401, 403} or not self._authorization:
                raise
            self._check_place(root)
            return self._ask(root, self._authorization, 2)
        if self._authorization:
            self._check_place(answer.address)
        return answer

    def _check_place(self, address):
        """Refuse to send the login unencrypted, or to another host than the one named."""
        parts = split_url(address)
        if read_host(address) != read_host(self.address):
            text = _("the site redirects to another one: give the address %s if that is yours.")
            raise RestRefused(text % f"{parts.scheme}://{parts.netloc}")
        if parts.scheme != "https" and parts.hostname not in self._private_hosts:
            raise RestRefused(
                _(
                    "a password goes over HTTPS only: give the address with https://, or without a "
                    "user what readers see."
                )
            )

    def _ask(self, url, authorization, attempts=None):
        attempts = attempts or ATTEMPTS
        for attempt in range(1, attempts + 1):
            try:
                return self._ask_once(url, authorization)
            except RestRefused as error:
                if not error.is_passing or attempt == attempts:
                    raise
                wait = _read_wait(error.__cause__)
                if wait > LONGEST_WAIT:
                    text = _("the site asks to wait %d minutes.") % (wait // 60 + 1)
                    raise RestRefused(text, status=error.status) from error
            time.sleep(wait or PAUSE * 2 ** (attempt - 1))
        return None

    def _ask_once(self, url, authorization):
        try:
            answer = fetch_answer(
                url, limit=LIMIT, private_hosts=self._private_hosts, authorization=authorization
            )
        except AnswerRefused as error:
            raise _explain_error(error) from error
        except FileRefused as error:
            is_passing = isinstance(error.__cause__, OSError | http.client.HTTPException)
            host = split_url(url).netloc
            reason = str(error).rstrip(".")
            raise RestRefused(f"{host}: {reason}.", is_passing=is_passing) from error
        try:
            value = parse_json(answer.content)
        except ValueError as error:
            kind = answer.headers.get_content_type()
            text = _("the site answered something else than JSON (%s).") % kind
            raise RestRefused(text, status=OK, is_passing=True) from error
        total = read_integer(answer.headers.get("X-WP-Total", ""))
        return RestAnswer(answer.address, value, total)


def build_authorization(login, password):
    """Return the header for an application password, which WordPress shows in groups of four."""
    code = f"{login}:{password.replace(' ', '')}".encode()
    return f"Basic {b64encode(code).decode()}"


def parse_json(content):
    """Return the JSON of an answer, also behind warnings that PHP printed. Raises ValueError."""
    text = content.decode("utf-8-sig", "replace")
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    except ValueError as error:
        decoder = json.JSONDecoder()
        for start in islice(JSON_START.finditer(text), STARTS):
            try:
                value, end = decoder.raw_decode(text, start.start())
            except (ValueError, RecursionError):
                continue
            if not text[end:].strip():
                return value
        raise ValueError("no JSON") from error


def _cut_root(address):
    """Return the address of the API, to which a route is added."""
    before, parameter, _rest = address.partition("rest_route=")
    return f"{before}{parameter}" if parameter else address.rstrip("/")


def _read_id(row):
    """Return the id of a row, or 0."""
    value = row.get("id")
    return value if isinstance(value, int) and 0 < value < 2**62 else 0


def _explain_error(error):
    """Return the refusal for an HTTP error, with what WordPress says about it."""
    try:
        body = parse_json(error.content)
    except ValueError:
        body = {}
    body = body if isinstance(body, dict) else {}
    code, message = (str(body.get(name) or "")[:300] for name in ("code", "message"))
    reason = f"{error} ({message or code})" if message or code else str(error)
    return RestRefused(reason, code=code, status=error.code, is_passing=error.code in PASSING)


def _read_wait(error):
    """Return the seconds that an answer asks to wait, 0 if it names none."""
    text = error.headers.get("Retry-After", "") if isinstance(error, AnswerRefused) else ""
    seconds = read_integer(text.strip())
    if seconds is not None:
        return seconds
    try:
        moment = parsedate_to_datetime(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(int((moment - datetime.now(UTC)).total_seconds()) + 1, 0)
    except (ValueError, TypeError, OverflowError):
        return 0
