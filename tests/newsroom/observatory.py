"""The score of a response by the published rules of the HTTP Observatory (MDN), version of 2026.

A response starts with 100 points. Penalties count first; bonuses count only from 90 points on.
"""

from dataclasses import dataclass
from http.cookies import SimpleCookie

BROAD = {"*", "http:", "https:", "ftp:", "http://*", "https://*"}
UNSAFE = {"'unsafe-inline'", "data:", *BROAD}
PRIVATE_REFERRERS = {
    *("no-referrer", "same-origin", "strict-origin"),
    "strict-origin-when-cross-origin",
}
HALF_YEAR = 15_768_000  # seconds
BONUSES_FROM = 90


@dataclass
class Scored:
    """The points of each rule, and their sum."""

    points: dict

    @property
    def total(self):
        penalties = 100 + sum(min(value, 0) for value in self.points.values())
        bonuses = sum(max(value, 0) for value in self.points.values())
        return max(penalties + (bonuses if penalties >= BONUSES_FROM else 0), 0)


def score(headers, cookies=()):
    """Score the headers of an HTTPS response, as {lower-case name: value}, and its cookies."""
    policy = parse_policy(headers.get("content-security-policy", ""))
    return Scored(
        {
            "policy": score_policy(policy),
            "cookies": score_cookies(cookies),
            "referrer": score_referrer(headers.get("referrer-policy")),
            "hsts": score_hsts(headers.get("strict-transport-security", "")),
            "sniffing": 0 if headers.get("x-content-type-options") == "nosniff" else -5,
            "framing": score_framing(headers.get("x-frame-options", ""), policy),
            "embedding": score_embedding(headers.get("cross-origin-resource-policy")),
            "sharing": score_sharing(headers),
        }
    )


def parse_policy(text):
    """Return {directive: sources}. A directive that stands twice makes the policy invalid."""
    directives = {}
    for part in filter(None, map(str.split, text.lower().split(";"))):
        if part[0] in directives:
            raise ValueError(f"The policy names {part[0]} twice.")
        directives[part[0]] = set(part[1:]) or {"'none'"}
    return directives


def score_policy(policy):
    if not policy:
        return -25
    default = policy.get("default-src", {"*"})
    scripts, styles = _read_strict(policy, "script-src"), _read_strict(policy, "style-src")
    if scripts & UNSAFE or policy.get("object-src", default) & BROAD:
        return -20
    if any(
        source.startswith(("http:", "ftp:")) for sources in policy.values() for source in sources
    ):
        return -20
    if "'unsafe-eval'" in scripts | styles:
        return -10
    if styles & UNSAFE:
        return 0
    return 10 if policy.get("default-src") == {"'none'"} else 5


def _read_strict(policy, directive):
    """Return the sources of a directive; beside a nonce or hash 'unsafe-inline' has no effect."""
    sources = policy.get(directive, policy.get("default-src", {"*"}))
    has_marks = any(source.startswith(("'nonce-", "'sha")) for source in sources)
    return sources - {"'unsafe-inline'"} if has_marks else sources


def score_cookies(lines):
    """Score Set-Cookie lines: each must be Secure, those of a session HttpOnly, and SameSite."""
    cookies = [morsel for line in lines for morsel in SimpleCookie(line).values()]
    if not cookies:
        return 0
    points = 5
    for cookie in cookies:
        if "session" in cookie.key.lower():
            if not cookie["secure"]:
                return -40
            if not cookie["httponly"]:
                return -30
        if not cookie["secure"]:
            points = min(points, -20)
        if cookie["samesite"].lower() not in {"lax", "strict"}:
            points = min(points, -20 if "csrf" in cookie.key.lower() or cookie["samesite"] else 0)
    return points


def score_referrer(text):
    """The last known value of a list counts."""
    if text is None:
        return 0
    return 5 if text.split(",")[-1].strip().lower() in PRIVATE_REFERRERS else -5


def score_hsts(text):
    if not text:
        return -20
    parts = [part.strip().lower() for part in text.split(";")]
    [age] = [int(part.partition("=")[2]) for part in parts if part.startswith("max-age=")]
    return 0 if age >= HALF_YEAR else -10


def score_framing(text, policy):
    if "frame-ancestors" in policy and not policy["frame-ancestors"] & BROAD:
        return 5
    return 5 if text.upper() in {"DENY", "SAMEORIGIN"} else -20


def score_embedding(text):
    return 10 if text in {"same-origin", "same-site"} else 0


def score_sharing(headers):
    """Any site may read a response with credentials only at a great loss."""
    allowed = headers.get("access-control-allow-credentials") == "true"
    return -50 if allowed and "access-control-allow-origin" in headers else 0
