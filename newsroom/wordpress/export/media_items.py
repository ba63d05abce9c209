"""The files of the media library as attachments."""

from articles.models import MediaFile
from articles.web.addresses import build_absolute_url
from newsroom.wordpress.export import post_numbers
from newsroom.wordpress.export.item_elements import wrap_item
from newsroom.wordpress.export.row_batches import iterate_batches
from newsroom.wordpress.wxr import vocabulary
from newsroom.wordpress.wxr.xml_writing import (
    build_meta,
    build_own_meta,
    build_section,
    escape_text,
)


def iterate_files():
    """Yield the items of all files of the library."""
    for batch in iterate_batches(MediaFile.objects.all()):
        yield from map(_build_file, batch)


def _build_file(file):
    address = build_absolute_url(file.file.url)
    own = {name: getattr(file, name) for name in vocabulary.MEDIA_FIELDS}
    return wrap_item(
        {
            "title": escape_text(file.title),
            "link": address,
            "post_id": post_numbers.number_post(post_numbers.FILE, file.pk),
            "post_name": file.title,
            "post_type": "attachment",
            "status": "inherit",
            "post_date": file.created_at,
            "content": escape_text(file.copyright),  # WordPress shows it as the description
            "excerpt": escape_text(file.caption),
            "comment_status": "closed",
        },
        build_section("wp:attachment_url", address),
        build_meta(vocabulary.ATTACHED_FILE, file.file.name),
        build_meta(vocabulary.IMAGE_ALT, escape_text(file.image_alt_text)),
        build_meta(vocabulary.MEDIA_CREDIT, escape_text(file.copyright)),
        build_own_meta(vocabulary.MEDIA, {name: value for name, value in own.items() if value}),
    )
