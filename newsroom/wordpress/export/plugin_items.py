"""Items of plugins: guests of Co-Authors Plus, and redirects of Safe Redirect Manager."""

from django.utils import timezone

from articles.models import Byline, Redirect
from newsroom.wordpress.export import post_numbers
from newsroom.wordpress.export.article_items import name_byline
from newsroom.wordpress.export.item_elements import wrap_item
from newsroom.wordpress.export.row_batches import iterate_batches
from newsroom.wordpress.wxr import vocabulary
from newsroom.wordpress.wxr.xml_writing import build_meta, build_own_meta, escape_text


def iterate_guests():
    """Yield the items of bylines without an account."""
    for batch in iterate_batches(Byline.objects.guests()):
        yield from map(_build_guest, batch)


def iterate_redirects():
    """Yield the items of all redirects."""
    rows = Redirect.objects.select_related("article", "category", "tag")
    for batch in iterate_batches(rows):
        yield from map(_build_redirect, batch)


def _build_guest(byline):
    own = {name: getattr(byline, name) for name in vocabulary.BYLINE_FIELDS}
    portrait = byline.portrait_id
    thumbnail = post_numbers.number_post(post_numbers.FILE, portrait) if portrait else ""
    return wrap_item(
        {
            "title": escape_text(byline.name),
            "post_id": post_numbers.number_post(post_numbers.GUEST, byline.pk),
            "post_name": f"{vocabulary.GUEST_PREFIX}{name_byline(byline)}",
            "post_type": vocabulary.GUEST,
            "post_date": timezone.now(),
        },
        build_meta("cap-display_name", byline.name),
        build_meta("cap-user_login", byline.slug),
        build_meta("cap-user_email", byline.mail),
        build_meta("cap-description", byline.line),
        build_meta(vocabulary.THUMBNAIL, thumbnail),
        build_own_meta(vocabulary.BYLINE, {name: value for name, value in own.items() if value}),
    )


def _build_redirect(redirect):
    target = redirect.article or redirect.category
    to_path = target.get_absolute_url() if target else redirect.destination
    return wrap_item(
        {
            "title": escape_text(redirect.path),
            "post_id": post_numbers.number_post(post_numbers.REDIRECT, redirect.pk),
            "post_type": vocabulary.REDIRECT_RULE,
            "post_date": timezone.now(),
            "comment_status": "closed",
        },
        build_meta(vocabulary.RULE_FROM, redirect.path),
        build_meta(vocabulary.RULE_TO, to_path),
        build_meta(vocabulary.RULE_STATUS, "301"),
    )
