"""What was fetched from a site, as the records that an export of it holds."""

from datetime import UTC

from django.utils.translation import gettext as _

from articles.web.html import remove_unprintable
from newsroom.wordpress.markup.article_html import extract_text
from newsroom.wordpress.wxr.items import decode_slug, parse_date
from newsroom.wordpress.wxr.records import (
    MENTIONS,
    Author,
    Category,
    Comment,
    Item,
    OtherTerm,
    Remark,
    Site,
    Tag,
    Term,
)

CUT = ("[…]", "[...]", "…")  # how an excerpt ends that WordPress cut off by itself


class RestRecords:
    """Lists the records of a site. What the JSON holds may be of any type: nothing here raises."""

    def __init__(self, store, address, plan, known_authors):
        self._known_authors = known_authors
        self._store = store
        self._address = address
        self._taxonomies = plan.taxonomies
        self._posts = [f"posts:{name}" for name in plan.types]
        self._terms = {
            name: {row["id"]: row for row in store.list_rows(f"terms:{name}")}
            for name in plan.taxonomies
        }
        self._users = {row["id"]: row for row in store.list_rows("users")}

    @property
    def size(self):
        return max(sum(map(self._store.count, ("media", "blocks", *self._posts))), 1)

    def read(self, *, with_comments):
        """Yield each record with the number of items read until then."""
        for record in self._list_head():
            yield record, 0
        for number, item in enumerate(self._list_items(), 1):
            if with_comments:
                item.comments = self._list_comments(item)
            else:
                item.highest_comment = self._store.find_highest("comments", item.old_id)
            yield item, number

    def _list_head(self):
        yield Site(link=self._address, base_url=self._address)
        yield from self._store.list_remarks()
        if strays := self._store.count_strays("comments", ["media", *self._posts]):
            yield Remark(0, _("comments skipped with their item"), times=strays)
        for old_id in sorted(self._store.list_authors(self._posts) - {0}):
            yield self._build_author(old_id)
        for taxonomy, terms in self._terms.items():
            for row in terms.values():
                yield _build_term(row, taxonomy, terms)

    def _list_items(self):
        for row in self._store.list_rows("media"):
            yield _build_attachment(row)
        for row in self._store.list_rows("blocks"):
            content = read_text(row, "content")
            yield Item(line=0, old_id=row["id"], type="wp_block", content=content)
        for collection in self._posts:
            for row in self._store.list_rows(collection):
                yield self._build_item(row)

    def _build_author(self, old_id):
        row = self._users.get(old_id, {})
        login = self._find_login(old_id)
        values = {name: read_text(row, name) for name in ("email", "first_name", "last_name")}
        if "username" not in row:
            account = self._known_authors.find(login)
            values = {name: getattr(account, name, "") for name in values}
        return Author(login=login, old_id=old_id, display_name=read_text(row, "name"), **values)

    def _find_login(self, old_id):
        """Return a user's login; readers see only the name in the address of the author's page."""
        row = self._users.get(old_id, {})
        name = read_text(row, "slug")
        login = read_text(row, "username") or self._known_authors.find_login(
            name, extract_text(read_text(row, "name"))
        )
        return login or name or f"author-{old_id}"

    def _build_item(self, row):
        content = row.get("content")
        is_raw = isinstance(content, dict) and isinstance(content.get("raw"), str)
        meta, card = (row.get(name) for name in ("meta", "yoast_head_json"))
        return Item(
            line=0,
            old_id=row["id"],
            is_rendered=not is_raw,
            type=read_text(row, "type") or "post",
            status=read_text(row, "status") or "publish",
            title=read_text(row, "title"),
            slug=decode_slug(read_text(row, "slug")),
            link=read_text(row, "link"),
            author=self._find_login(row["author"]) if _is_id(row.get("author")) else "",
            published_at=parse_date(read_text(row, "date_gmt"), UTC),
            modified_at=parse_date(read_text(row, "modified_gmt"), UTC),
            content=read_text(row, "content"),
            excerpt=_read_excerpt(row),
            has_password=isinstance(content, dict) and content.get("protected") is True,
            sticky=row.get("sticky") is True,
            parent=_read_number(row, "parent"),
            comments_open=row.get("comment_status", "open") == "open",
            thumbnail=_read_number(row, "featured_media"),
            footnotes=read_text(meta, "footnotes") if is_raw else "",
            seo_description=read_text(card, "description"),
            terms=list(self._list_terms(row)),
        )

    def _list_terms(self, row):
        for taxonomy, route in self._taxonomies.items():
            old_ids = row.get(route)
            for old_id in old_ids if isinstance(old_ids, list) else ():
                term = self._terms[taxonomy].get(old_id) if _is_id(old_id) else None
                if term and read_text(term, "slug"):
                    slug = decode_slug(read_text(term, "slug"))
                    yield Term(taxonomy, slug, read_text(term, "name"))

    def _list_comments(self, item):
        return [_build_comment(row) for row in self._store.list_of_post("comments", item.old_id)]


def _build_term(row, taxonomy, terms):
    parent = terms.get(row["parent"], {}) if _is_id(row.get("parent")) else {}
    values = {
        "slug": decode_slug(read_text(row, "slug")),
        "name": read_text(row, "name"),
        "old_id": row["id"],
    }
    if taxonomy == "post_tag":
        return Tag(**values)
    values["parent"] = decode_slug(read_text(parent, "slug"))
    values["description"] = read_text(row, "description")
    if taxonomy == "category":
        return Category(**values)
    return OtherTerm(taxonomy=taxonomy, **values)


def _build_attachment(row):
    return Item(
        line=0,
        old_id=row["id"],
        type="attachment",
        status="inherit",
        title=read_text(row, "title"),
        slug=decode_slug(read_text(row, "slug")),
        link=read_text(row, "link"),
        published_at=parse_date(read_text(row, "date_gmt"), UTC),
        parent=_read_number(row, "post"),
        excerpt=read_text(row, "caption"),
        attachment_url=read_text(row, "source_url"),
        alt=read_text(row, "alt_text"),
    )


def _build_comment(row):
    kind = read_text(row, "type") or "comment"
    meta = row.get("meta") if isinstance(row.get("meta"), dict) else {}
    counts = {name: value for name, value in meta.items() if isinstance(value, int)}
    return Comment(
        old_id=row["id"],
        parent=_read_number(row, "parent"),
        author=read_text(row, "author_name"),
        date=parse_date(read_text(row, "date_gmt"), UTC),
        approved=read_text(row, "status") or "approved",
        type=kind,
        content=read_text(row, "content"),
        user_id=_read_number(row, "author"),
        url=read_text(row, "author_url") if kind in MENTIONS else "",
        meta=counts or None,
    )


def read_text(row, name):
    """Return a text: of an object with ``raw`` and ``rendered`` the one that an editor wrote."""
    value = row.get(name) if isinstance(row, dict) else None
    if isinstance(value, dict):
        texts = [value.get("raw"), value.get("rendered")]
        value = next((text for text in texts if isinstance(text, str)), "")
    return remove_unprintable(value) if isinstance(value, str) else ""


def _read_excerpt(row):
    """Return the excerpt that somebody wrote. What readers see may be the beginning of the text,
    which WordPress takes by itself."""
    excerpt = row.get("excerpt")
    if not isinstance(excerpt, dict) or isinstance(excerpt.get("raw"), str):
        return read_text(row, "excerpt")
    text = extract_text(read_text(row, "excerpt"))
    for ending in CUT:
        text = text.removesuffix(ending).strip()
    whole = extract_text(read_text(row, "content"))
    is_cut = "".join(whole.split()).startswith("".join(text.split()))
    return "" if is_cut else read_text(row, "excerpt")


def _is_id(value):
    return isinstance(value, int) and value > 0


def _read_number(row, name):
    value = row.get(name)
    return value if isinstance(value, int) else 0
