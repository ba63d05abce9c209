"""Random requests to every address; a seed makes the same ones again."""

import random
import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import quote, urlencode

from tests.newsroom.fuzz import values

BOUNDARY = "fuzz"
FIELD = re.compile(
    r'<(?:input|textarea|select|button)\b[^>]*\bname="([^"]+)"(?:[^>]*\bvalue="([^"]*)")?'
)
FORM = "application/x-www-form-urlencoded"


@dataclass
class Request:
    method: str
    path: str
    query: str = ""
    body: bytes = b""
    content_type: str = FORM
    headers: dict = field(default_factory=dict)

    def send(self, client):
        """Return the answer. Path and query go to the application as they are."""
        return client.generic(
            self.method,
            "/",
            self.body,
            self.content_type,
            headers=self.headers,
            PATH_INFO=decode_percents(self.path),
            QUERY_STRING=self.query.encode("utf-8", "surrogatepass").decode("latin-1"),
        )


class Generator:
    """Makes requests. ``known`` are good values of parameters by their name, ``learn`` takes the
    fields of the forms of a page, so that forms are sent filled in, but for what is odd."""

    def __init__(self, seed, templates, known):
        self.random = random.Random(seed)
        self._templates, self._known, self._forms = templates, known, {}

    def make(self):
        template = self.random.choice(self._templates)
        path = self.fill(template, odd=0.25)
        method = self.random.choices(values.METHODS, (9, 9, 1, 1, 1, 1, 1, 1, 1))[0]
        request = Request(method, path, query=self._make_query(), headers=self._make_headers())
        if method not in {"GET", "HEAD"} or self._chance(0.05):
            request.body, request.content_type = self._make_body(path)
        return request

    def fill(self, template, *, odd=0.0):
        """Return a path; a share of its parameters is odd."""
        path = ""
        for part in template:
            if isinstance(part, str):
                path += part
            elif self._chance(odd):
                path += self._make_raw()
            else:
                choices = self._known.get(part[1]) or self._known[part[0]]
                path += quote(str(self.random.choice(choices)), safe="/")
        return f"{path}{self._make_raw()}" if odd and self._chance(0.03) else path

    def learn(self, path, page):
        """Remember the fields of the forms on a page."""
        if fields := [(name, unescape(value)) for name, value in FIELD.findall(page)]:
            self._forms[path] = fields

    def _make_body(self, path):
        kind = self.random.choices(("fields", "parts", "junk"), (6, 3, 1))[0]
        if kind == "junk":
            return self._make_junk(), self.random.choice(values.CONTENT_TYPES)
        pairs = self._make_fields(path)
        if kind == "parts":
            return self._make_parts(pairs), f"multipart/form-data; boundary={BOUNDARY}"
        content_type = self.random.choice(values.CONTENT_TYPES) if self._chance(0.05) else FORM
        body = urlencode(pairs, errors="surrogatepass")
        return (
            f"{body}&a={self._make_raw()}" if self._chance(0.1) else body
        ).encode(), content_type

    def _make_fields(self, path):
        pairs = list(self._forms.get(path, ()))
        if not pairs or self._chance(0.2):
            pairs = [(name, self._make_text()) for name in self._choose(values.FIELDS, 8)]
        for _ in range(self.random.randint(0, 4)):
            index = self.random.randrange(len(pairs))
            pairs[index] = (pairs[index][0], self._make_text())
        if self._chance(0.05):
            pairs.append((self._make_text(), self._make_text()))
        if self._chance(0.005):
            pairs += [("a", "b")] * 3000
        return pairs

    def _make_parts(self, pairs):
        body = b""
        for name, value in pairs:
            head = f'Content-Disposition: form-data; name="{name}"'
            content = value.encode("utf-8", "surrogatepass")
            if "file" in name or self._chance(0.05):
                file_name = self.random.choice(values.FILE_NAMES)
                head += f'; filename="{file_name}"\r\nContent-Type: image/png'
                content = self.random.choice(values.FILES)
            body += b"--fuzz\r\n" + head.encode("utf-8", "surrogatepass")
            body += b"\r\n\r\n" + content + b"\r\n"
        body += b"--fuzz--\r\n"
        return body[: self.random.randrange(len(body))] if self._chance(0.1) else body

    def _make_junk(self):
        junk = self.random.choice((b"", b"{", b"[1]", b"\xff" * 99, b"--fuzz", b"a=%ff&b", b"null"))
        return junk + self.random.randbytes(self.random.randint(0, 99))

    def _make_query(self):
        if self._chance(0.5):
            return ""
        names = [self.random.choice(values.FIELDS) for _ in range(self.random.randint(1, 3))]
        pairs = [
            f"{name}={self._make_raw()}"
            if self._chance(0.3)
            else urlencode({name: self._make_text()}, errors="surrogatepass")
            for name in names
        ]
        return "&".join(pairs * (1000 if self._chance(0.003) else 1))

    def _make_headers(self):
        headers = {}
        if self._chance(0.7):
            headers |= {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
        if self._chance(0.1):
            headers["origin"] = self.random.choice(values.ORIGINS)
        names = self._choose(list(values.HEADERS), 2) if self._chance(0.5) else []
        return headers | {name: self.random.choice(values.HEADERS[name]) for name in names}

    def _make_raw(self):
        if self._chance(0.5):
            return self.random.choice(values.RAW)
        return quote(self._make_text(), safe="", errors="surrogatepass")

    def _make_text(self):
        text = self.random.choice(values.TEXTS)
        return text + self.random.choice(values.TEXTS) if self._chance(0.1) else text

    def _choose(self, names, most):
        return self.random.sample(names, self.random.randint(1, min(most, len(names))))

    def _chance(self, share):
        return self.random.random() < share


def decode_percents(path):
    """Return a path as WSGI hands it over: decoded once, a byte a character."""
    encoded = path.encode("utf-8", "surrogatepass").decode("latin-1")
    return re.sub("%([0-9a-fA-F]{2})", lambda match: chr(int(match[1], 16)), encoded)
