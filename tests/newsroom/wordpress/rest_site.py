"""A small site that answers REST requests as WordPress does, on the loopback address."""

import io
import json
import threading
from base64 import b64encode
from collections import defaultdict
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from PIL import Image

HOME = "https://old.example"
LOGIN = "Basic " + b64encode(b"editor:abcdefgh").decode()
TYPES = {"post": "posts", "page": "pages", "attachment": "media", "wp_block": "blocks"}
UNDIVIDED = {"comments", "media"}
EDIT_ONLY = {"username", "email"}
TAXONOMIES = {"category": "categories", "post_tag": "tags"}


def both(raw, rendered=None):
    return {"raw": raw, "rendered": raw if rendered is None else rendered}


def post(old_id, **fields):
    return {
        "id": old_id,
        "date_gmt": "2020-01-02T03:00:00",
        "modified_gmt": "2020-01-02T03:00:00",
        "slug": f"post-{old_id}",
        "status": "publish",
        "type": "post",
        "link": f"{HOME}/2020/01/post-{old_id}/",
        "title": both(f"記事 {old_id}"),
        "content": {**both("本文。", "<p>本文。</p>\n"), "protected": False},
        "excerpt": both("", "<p>本文。</p>\n"),
        "author": 3,
        "featured_media": 0,
        "comment_status": "open",
        "sticky": False,
        "meta": {"footnotes": ""},
        "categories": [],
        "tags": [],
    } | fields


def term(old_id, slug, name, parent=0):
    return {"id": old_id, "slug": slug, "name": name, "parent": parent, "description": ""}


def media(old_id, url, **fields):
    return {
        "id": old_id,
        "date_gmt": "2020-01-02T03:00:00",
        "slug": f"file-{old_id}",
        "link": f"{HOME}/file-{old_id}/",
        "author": 3,
        "post": None,
        "title": both("海"),
        "alt_text": "",
        "caption": both(""),
        "source_url": url,
    } | fields


def comment(old_id, post_id, parent=0, text="それな", **fields):
    return {
        "id": old_id,
        "post": post_id,
        "parent": parent,
        "author": 0,
        "author_name": "匿名希望",
        "author_email": "reader@private.example",
        "author_ip": "203.0.113.77",
        "author_url": "https://private.example/",
        "date_gmt": f"2020-01-03T03:00:{old_id % 60:02}",
        "content": both(text, f"<p>{text}</p>\n"),
        "status": "approved",
        "type": "comment",
        "meta": [],
    } | fields


class Site:
    """``rows`` are the rows by route; ``failures`` answers by (route, page), used up first."""

    def __init__(self):
        self.rows = defaultdict(list)
        self.types = dict(TYPES)
        self.failures = defaultdict(list)
        self.broken = set()  # ids that no answer may hold
        self.of_others = set()  # ids that the login may not edit
        self.refused = set()  # routes that the login may not edit
        self.asked = []  # (route, query)
        self.headers = []  # each header Authorization
        self.address = ""

    def add(self, route, *rows):
        self.rows[route] += rows
        self.rows[route].sort(key=lambda row: row["id"])

    def answer(self, route, query, authorization):
        """Return (status, headers, JSON or bytes)."""
        self.headers.append(authorization)
        page, size = int(query.get("page", 1)), int(query.get("per_page", 10))
        if route:
            self.asked.append((route, query))
        if self.failures[route, page]:
            return self.failures[route, page].pop(0)
        if authorization and authorization != LOGIN:
            return self._refuse(401, "incorrect_password", "wrong password")
        if query.get("context") == "edit" and (not authorization or route in self.refused):
            return self._refuse(401, "rest_forbidden_context", "not allowed")
        if not route:
            return 200, {}, {"home": HOME, "namespaces": ["oembed/1.0", "wp/v2"]}
        if route == "users/me":
            return 200, {}, {"id": 3}
        if route in {"types", "taxonomies"}:
            named = self.types if route == "types" else TAXONOMIES
            return 200, {}, {name: {"slug": name, "rest_base": to} for name, to in named.items()}
        rows = list(self._select(route, query, authorization))
        pages = -(-len(rows) // size)
        if page > max(pages, 1) and route != "comments":
            text = "The page number requested is larger than the number of pages available."
            return self._refuse(400, "rest_post_invalid_page_number", text)
        shown = rows[(page - 1) * size : page * size]
        if any(row["id"] in self.broken for row in shown):
            return self._refuse(500, "internal_server_error", "critical error")
        is_edited = query.get("context") == "edit"
        shown = [row for row in shown if not is_edited or row["id"] not in self.of_others]
        body = [_pick(row, query.get("_fields", ""), is_edited, route) for row in shown]
        return 200, {"X-WP-Total": str(len(rows)), "X-WP-TotalPages": str(pages)}, body

    def _select(self, route, query, authorization):
        states = query.get("status", "approve" if route == "comments" else "publish").split(",")
        for row in self.rows[route]:
            if route == "comments":
                is_shown = "any" in states or row["status"] == "approved"
                is_shown &= query.get("type") == "all" or row["type"] == "comment"
            else:
                is_shown = "status" not in row or row["status"] in states
            if is_shown:
                yield row

    @staticmethod
    def _refuse(status, code, message):
        return status, {}, {"code": code, "message": message, "data": {"status": status}}


def _pick(row, names, is_edited, route):
    """Return the fields that a request names, as WordPress filters them: parts only of posts."""
    shown = {}
    for name in names.split(","):
        name, _point, inner = name.partition(".")
        value = row.get(name)
        if isinstance(value, dict):
            value = {key: each for key, each in value.items() if is_edited or key != "raw"}
            if inner and route in UNDIVIDED:
                continue
            if inner:
                value = {**shown.get(name, {}), inner: value.get(inner)}
        if name in row and (is_edited or name not in EDIT_ONLY):
            shown[name] = value
    return shown


def picture():
    target = io.BytesIO()
    Image.new("RGB", (600, 400), (20, 80, 120)).save(target, "JPEG")
    return target.getvalue()


def fill(site):
    """Put something of every kind on a site."""
    sea = f"{site.address}/wp-content/uploads/sea.jpg"
    site.add("users", {"id": 3, "name": "港 太郎", "slug": "minato", "username": "writer"})
    site.add(
        "categories",
        term(11, "news", "ニュース"),
        term(12, "harbour", "港", parent=11),
    )
    site.add("tags", term(7, "boat", "船"))
    site.add("media", media(50, sea, alt_text="青い海", caption=both("港の海")))
    site.add(
        "blocks",
        {"id": 60, "content": {"raw": "<!-- wp:paragraph --><p>共通</p><!-- /wp:paragraph -->"}},
    )
    site.add(
        "posts",
        post(
            10,
            title=both("<b>灯台</b> &amp; 船"),
            content=both('<!-- wp:block {"ref":60} /-->')
            | {"rendered": "<p>共通</p>", "protected": False},
            categories=[11, 12],
            tags=[7],
            excerpt=both("", "<p>共 [&hellip;]</p>"),
            featured_media=50,
            sticky=True,
        ),
        post(11, content=both("一\n\n[gallery ids='50']", "<p>一</p>")),
        post(20, status="draft", link=f"{HOME}/?p=20"),
        post(24, status="trash"),
        post(25, content={**both("秘密", ""), "protected": True}),
    )
    site.add("pages", post(26, type="page", link=f"{HOME}/about/"))
    site.add(
        "comments",
        comment(101, 10, text="最初"),
        comment(102, 10, 101, text="返事 >>1"),
        comment(103, 10, 102, status="hold"),
        comment(104, 10, status="spam"),
        comment(105, 10, type="pingback"),
        comment(106, 999),
    )
    site.types["recipe"] = "recipes"
    site.add("recipes", post(90), post(91))


@contextmanager
def serve(site, files=()):
    """Let a site answer at ``site.address``; ``files`` are bytes by path."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            parts = urlsplit(self.path)
            files_here = dict(files)
            if parts.path in files_here:
                self._send(200, {}, files_here[parts.path])
                return
            route = parts.path.removeprefix("/wp-json").removeprefix("/wp/v2").strip("/")
            query = dict(parse_qsl(parts.query))
            self._send(*site.answer(route, query, self.headers.get("Authorization", "")))

        def _send(self, status, headers, body):
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *arguments):
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    site.address = f"http://127.0.0.1:{server.server_port}"
    yield site
    server.shutdown()
    server.server_close()
    thread.join()
