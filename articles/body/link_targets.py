"""The targets of links: wrappers of other services are taken off, tracking is removed.

``static/admin_newsroom/body/addresses.js`` holds the same rules for pastes into the editor.
"""

import re
from urllib.parse import parse_qs, urlsplit

WRAPPERS = (
    (re.compile(r"(?:www\.)?google\.[a-z]{2,3}(?:\.[a-z]{2})?"), re.compile(r"/url"), ("q", "url")),
    (re.compile(r"lm?\.(?:facebook|instagram)\.com"), re.compile(r"/.*"), ("u",)),
    (re.compile(r".*\.safelinks\.protection\.outlook\.com"), re.compile(r"/.*"), ("url",)),
    (re.compile(r"(?:www\.)?youtube\.com"), re.compile(r"/redirect"), ("q",)),
    (re.compile(r"(?:www\.)?linkedin\.com"), re.compile(r"/redir/.*"), ("url",)),
    (re.compile(r"out\.reddit\.com"), re.compile(r"/.*"), ("url",)),
    (re.compile(r"slack-redir\.net"), re.compile(r"/.*"), ("url",)),
    (re.compile(r"t\.umblr\.com"), re.compile(r"/redirect"), ("z",)),
    (re.compile(r"(?:www\.)?duckduckgo\.com"), re.compile(r"/l/"), ("uddg",)),
    (re.compile(r"away\.vk\.com"), re.compile(r"/.*"), ("to",)),
)
TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh"
    r"|mc_cid|mc_eid|mkt_tok|_hsenc|_hsmi|vero_id|oly_anon_id|oly_enc_id|wickedid|_openstat"
    r"|srsltid|li_fat_id|ref_src|ref_url|__twitter_impression|guccounter|guce_referrer\w*)(?:=|$)",
    re.IGNORECASE,
)
PARTS = re.compile(r"([^?#]*)(\?[^#]*)?(#.*)?", re.DOTALL)
DEEPEST = 5


def clean_target(address):
    """Return the address that a link means. Never raises."""
    target = address.strip()
    if target.startswith("//"):
        target = f"https:{target}"
    for _depth in range(DEEPEST):
        wrapped = _find_wrapped(target)
        if not wrapped:
            break
        target = wrapped.strip()
    return _remove_tracking(target) if re.match(r"https?://", target, re.I) else target


def _find_wrapped(address):
    try:
        url = urlsplit(address)
        host = url.hostname or ""
    except ValueError:
        return None
    if url.scheme.lower() not in {"http", "https"}:
        return None
    for hosts, paths, names in WRAPPERS:
        if hosts.fullmatch(host) and paths.fullmatch(url.path or "/"):
            query = parse_qs(url.query, max_num_fields=None)
            targets = [query[name][0] for name in names if name in query]
            return next(filter(re.compile(r"https?://|mailto:", re.I).match, targets), None)
    return None


def _remove_tracking(address):
    path, query, fragment = PARTS.fullmatch(address).groups(default="")
    parameters = [part for part in query[1:].split("&") if not TRACKING.match(part)]
    query = f"?{'&'.join(parameters)}" if any(parameters) else ""
    return path + query + ("" if TRACKING.match(fragment[1:]) else fragment)
