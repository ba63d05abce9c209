"""What nobody should send, and some that anybody may."""

TEXTS = (
    *("", "0", "1", "2", "-1", "+1", " 1 ", "1.5", "1e309", "nan", "inf", "0x10", "1_000"),
    *("9" * 19, "9" * 400, "9223372036854775808", "٣", "²", "Ⅷ", "一", "true", "None", "null"),
    *("a\0b", "\0", "\x1b", "\r\nX: y", "\ufffe", "\ufeff", "\u202e", "\u200b", "\u3164"),
    *("\ud800", "\udfff\ud83d", "\U0010ffff", "👩‍👩‍👧‍👦" * 40, "e\u0301" * 500, "ﷺ" * 300),
    *("港湾", "＃秘密", "name#secret", "◆", ">>1", ">>99999999999999999999", "＞＞１", ">> 1-9"),
    *("<script>", "&#0;", "&#x110000;", "<p" * 2000, "]]>", "<!--", "{{ 7 }}", "{% x %}", "%s%n"),
    *("'", '"', "';--", '"NEAR(', "a OR", "*", "-", "(", "\\", "%", "_", "[", "]", "{", "}"),
    *("../../etc/passwd", "..%2f", "/", "//evil.example", "http://[", "javascript:x", "data:,"),
    *("2026-13-45", "9999-12-31", "0001-01-01", "10000-01-01", "25:61", "2026-11-29T10:00:00Z"),
    *("old", "new", "popular", "draft", "published", "remove", "restore", "spam", "vote", "yes"),
    *("x" * 300, "長" * 6000, "x " * 3000, "https://example.com/ " * 60, "\n" * 3000, "w" * 70_000),
)
RAW = (  # percent-encoded, as they stand in a path, a query or a form
    *("%", "%z", "%zz", "%00", "%ff", "%fe%ff", "%c0%80", "%ed%a0%80", "%f4%90%80%80", "%E6%B8"),
    *("%2F", "%2e%2e", "%5c", "%0d%0aX:y", "%25", "%u0041", "%26%3D", "+", ";", "&&", "=", "?"),
)
FIELDS = (
    *("text", "name", "parent", "token", "website", "value", "confirmed", "preview", "reason"),
    *("note", "q", "page", "order", "after", "since", "next", "username", "password", "action"),
    *("_selected_action", "index", "select_across", "post", "_save", "_popup", "_to_field", "p"),
    *("cat", "m", "s", "feed", "author", "tag", "o", "e", "all", "term", "app_label", "folder"),
    *("model_name", "field_name", "section", "category", "from", "to", "kind", "sort", "year"),
    *("status__exact", "published_at__gte", "pk__in", "id__exact", "title__regex", "__proto__"),
)
ORIGINS = ("http://testserver", "null", "http://[", "", "http://testserver:x", "\xff")
HEADERS = {
    "accept": ("*/*", "text/html;q=x", "\xff", "application/json", ",;,"),
    "accept-encoding": ("gzip", "gzip;q=nan", "br;q=0, *", "\xff", "," * 500),
    "accept-language": ("ja", "en;q=x", "*", "a-" * 900, "\xff", "zh-hant-tw-x-y", "../.."),
    "cookie": (
        "a=\xff",
        "=;=;",
        'sessionid="',
        "csrftoken=\xe9",
        "messages=x",
        "reader=" + "x" * 99,
    ),
    "host": ("testserver:99999", "testserver.", "[::1", "a b", "\xff", "", "testserver:x", "evil"),
    "if-match": ('"x"', "*", "\xff", "W/"),
    "if-modified-since": ("x", "Thu, 99 Foo 99999 99:99:99 GMT", "Thu, 01 Jan 0000 00:00:00 GMT"),
    "if-none-match": ('"x"', "*", ", ,", 'W/"\xff'),
    "if-unmodified-since": ("x", "Sat, 31 Dec 9999 23:59:59 GMT"),
    "range": ("bytes=0-0", "bytes=9-1", "bytes=-", "bytes=" + "9" * 40 + "-", "x", "bytes=0-,-1"),
    "referer": ("http://testserver/", "http://[", "//", "\xff", "http://testserver:x/", "x" * 9000),
    "sec-fetch-site": ("same-origin", "cross-site", "none", "\xff", ""),
    "user-agent": ("Mozilla/5.0", "bot", "", "\xff", "x" * 9000),
    "forwarded": ('for="', "for=_x;proto=https;host=[", ",;=", "for=" + "[" * 99),
    "x-forwarded-for": ("x", "::1%eth0", "1.2.3.4:x", "," * 999, "[", "\xff"),
    "x-forwarded-host": ("[", "a b", "evil.example", "\xff", ":"),
    "x-forwarded-port": ("x", "-1", "٣", "9" * 40),
    "x-forwarded-proto": ("https", "x", "\xff", ","),
    "x-requested-with": ("XMLHttpRequest", "\xff"),
    "x-csrftoken": ("x", "\xff", "a" * 64),
    "x-http-method-override": ("DELETE",),
    "hx-request": ("true", "x"),
    "content-encoding": ("gzip", "x"),
    "transfer-encoding": ("chunked", "x"),
    "expect": ("100-continue", "x"),
}
CONTENT_TYPES = (
    *("application/x-www-form-urlencoded", "application/json", "text/plain", "", "/", ";", "\xff"),
    *(
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\xff",
    ),
    *(f"multipart/form-data; boundary={'x' * 500}", "multipart/mixed; boundary=x"),
    *(
        f"application/x-www-form-urlencoded; charset={name}"
        for name in ("zlib", "utf-16", "idna", "punycode", "unknown", "shift_jis", "\xff", '"')
    ),
    *("text/plain; x*=idna''%ff", "text/plain; charset*=zlib''a", "a/b; " + "x=y; " * 300),
)
METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "BREW")
FILE_NAMES = ("a.png", "../../a", "\0", "", "x" * 400, "a.svg", "CON", ".htaccess", "\ud800.png")
FILES = (
    *(
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a\xff\xff\xff\xff",
        b"<svg onload=x>",
        b"%PDF-1.7",
        b"PK\3\4",
    ),
    *(
        b"\xff\xd8\xff\xe0" + b"x" * 50,
        b"RIFF\xff\xff\xff\xffWEBPVP8 ",
        b"x" * 100_000,
        b"II*\0" * 9,
    ),
)
