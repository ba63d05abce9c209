"""The footnotes of a body as those of WordPress's editor, which stores them beside the text."""

from uuid import NAMESPACE_URL, uuid5

from articles.body.stored import NOTE
from newsroom.wordpress.export.body_html import unwrap_paragraph

NOTES = "wp-block-footnotes"  # the class of the emptied list, in whose place they are shown


def take_footnotes(root, address):
    """Return the footnotes of a body for WordPress's own, and mark their places; none if they are
    not one list by themselves."""
    notes = root.xpath(".//li[starts-with(@id, 'note-')]")
    lists = {note.getparent() for note in notes}
    whole = next(iter(lists), None)
    if len(lists) != 1 or len(whole) != len(notes) or whole.getparent() is not root:
        return []
    if whole.tag != "ol" or not all(NOTE.fullmatch(note.get("id")) for note in notes):
        return []
    ids = {
        note.get("id"): str(uuid5(NAMESPACE_URL, f"{address}#{note.get('id')}")) for note in notes
    }
    seen = set()
    for link in root.xpath(".//a[starts-with(@href, '#note-')]"):
        if key := ids.get(link.get("href")[1:]):
            link.set("href", f"#{key}")
            if key not in seen:
                link.set("id", f"{key}-link")
            seen.add(key)
            if link.getparent().tag == "sup":
                link.getparent().set("data-fn", key)
                link.getparent().set("class", "fn")
    footnotes = [{"content": unwrap_paragraph(note), "id": ids[note.get("id")]} for note in notes]
    whole.clear(keep_tail=True)
    whole.set("class", NOTES)
    return footnotes
