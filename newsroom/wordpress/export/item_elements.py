"""An item of WXR: what posts, pages, attachments and the items of plugins have in common."""

from email.utils import format_datetime

from newsroom.wordpress.wxr.xml_writing import (
    build_dates,
    build_element,
    build_section,
    encode_slug,
)

DEFAULTS = {
    **dict.fromkeys(("title", "link", "author", "content", "excerpt", "post_name"), ""),
    **dict.fromkeys(("post_date", "post_modified"), None),
    "status": "publish",
    "comment_status": "open",
    "is_sticky": 0,
}


def open_item(fields):
    """Return the beginning of an item, with WordPress's own fields by their names there."""
    values = DEFAULTS | fields
    date = values["post_date"]
    parts = [
        build_section("title", values["title"]),
        build_element("link", values["link"]),
        build_element("pubDate", format_datetime(date)) if date else "",
        build_section("dc:creator", values["author"]),
        build_element("guid", values["link"], ' isPermaLink="false"'),
        build_element("description", ""),
        build_section("content:encoded", values["content"]),
        build_section("excerpt:encoded", values["excerpt"]),
        build_element("wp:post_id", values["post_id"]),
        build_dates("wp:post_date", date, values["post_modified"]),
        build_dates("wp:post_modified", values["post_modified"] or date),
        build_section("wp:comment_status", values["comment_status"]),
        build_section("wp:ping_status", values["comment_status"]),
        build_section("wp:post_name", encode_slug(values["post_name"])),
        build_section("wp:status", values["status"]),
        build_element("wp:post_parent", 0),
        build_element("wp:menu_order", 0),
        build_section("wp:post_type", values["post_type"]),
        build_section("wp:post_password", ""),
        build_element("wp:is_sticky", values["is_sticky"]),
    ]
    return f"<item>\n{''.join(parts)}"


CLOSE = "</item>\n"


def wrap_item(fields, *parts):
    """Return a whole item."""
    return "".join([open_item(fields), *parts, CLOSE])
