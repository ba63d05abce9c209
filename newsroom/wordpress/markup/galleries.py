"""How a WordPress gallery becomes HTML: one ``<figure>`` for each image.

WordPress has written galleries in three forms:

- the shortcode ``[gallery ids="…"]`` or ``[gallery]``: ``convert_gallery``;
- the first gallery block, a list of figures: ``is_gallery`` finds it, and the conversion takes
  the figures out of the list;
- today's gallery block, a figure around image blocks: the conversion of any figure does it.
"""

import re
from html import escape

LIST_CLASSES = {"blocks-gallery-grid", "wp-block-gallery"}


def convert_gallery(attributes, context):
    """Return the figures of a gallery shortcode; without ids, of all images of the item."""
    old_ids = parse_ids(attributes.get("ids") or attributes.get("include"))
    if not old_ids:
        excluded = parse_ids(attributes.get("exclude"))
        old_ids = [old_id for old_id in context.list_attached() if old_id not in excluded]
    return "".join(
        f'<figure><img class="wp-image-{old_id}"'
        f' src="{escape(context.find_attachment_url(old_id))}" alt=""></figure>'
        for old_id in old_ids
    )


def is_gallery(node):
    """Whether a list is a gallery."""
    return not LIST_CLASSES.isdisjoint(node.classes)


def parse_ids(text):
    return [int(digits) for digits in re.findall(r"\d{1,18}", text or "", re.ASCII)]
