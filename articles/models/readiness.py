"""What an article needs before readers may see it, and what an editor had better look at.

``check_ready`` is the gate; every way of saving an article passes it.
"""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy

from articles.body import stored as bodies
from articles.models.own_links import find_dead_links
from articles.web.html import parse_html
from articles.workflow import Verb

GATED = {
    *("kind", "status", "title", "category", "category_id", "lead", "body"),
    *("lead_image", "lead_image_id", "card_image", "card_image_id"),
    *("published_at", "expires_at"),
}
LONG_TITLE = 40  # characters; lists and search results cut longer ones

ITEMS = {
    "title": gettext_lazy("The title is missing."),
    "category": gettext_lazy("The category is missing."),
    "lead": gettext_lazy("The lead is missing."),
    "body": gettext_lazy("The body is empty."),
    "alt": gettext_lazy("A picture has no alternative text: %(subject)s"),
    "credit": gettext_lazy("A picture has no credit: %(subject)s"),
    "link": gettext_lazy("No page of this site answers at this link: %(subject)s"),
    "future": gettext_lazy("The date is still to come. Schedule the article, or empty the date."),
    "past": gettext_lazy("The date has passed. Publish the article to publish it now."),
    "undated": gettext_lazy("Set the date for which you schedule the article."),
}
WARNINGS = {
    "picture": gettext_lazy("There is no lead image."),
    "tags": gettext_lazy("There are no tags."),
    "long": gettext_lazy("The title has more than %(subject)s characters."),
    "skipped": gettext_lazy("A heading skips a level: %(subject)s"),
    "empty link": gettext_lazy("A link has no text: %(subject)s"),
    "empty heading": gettext_lazy("A heading is empty."),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is missing, or that a warning names: its code, its subject and its place.

    ``field`` is the field of the form that concerns it, ``file_id`` the picture of the library.
    """

    code: str
    field: str
    subject: str = ""
    file_id: int | None = None

    @property
    def sentence(self):
        return str({**ITEMS, **WARNINGS}[self.code]) % {"subject": self.subject}


class NotReady(ValidationError):
    """The article may not become public: ``items`` says what is missing."""

    def __init__(self, items):
        self.items = items
        errors = {}
        for item in items:
            error = ValidationError(item.sentence, code=item.code)
            errors.setdefault(item.field, []).append(error)
        super().__init__(errors)


def list_missing(article):
    """Return what an article needs before it may be public. At most seven queries."""
    missing = []
    if not article.title.strip():
        missing.append(Item("title", "title"))
    if article.category_id is None and not article.is_page:
        missing.append(Item("category", "category"))
    if not article.lead.strip():
        missing.append(Item("lead", "lead"))
    root = parse_html(article.body)
    if not root.text_content().strip() and not root.xpath(".//img"):
        missing.append(Item("body", "body"))
    missing += _list_missing_texts(article, root)
    at = max(timezone.now(), article.published_at or timezone.now())
    missing += [Item("link", "body", subject=href) for href in find_dead_links(article, at)]
    return missing


def _list_missing_texts(article, root):
    """Return the pictures without alternative text or credit. At most two queries."""
    files = bodies.load_files(article.body)
    shown = []
    if article.lead_image_id and article.lead_image:
        shown.append(("lead_image", article.lead_image, ""))
    if article.card_image_id and article.card_image:
        shown.append(("card_image", article.card_image, ""))
    for image in root.xpath(".//img"):
        if file := files.get(bodies.read_file_id(image)):
            shown.append(("body", file, image.get("alt", "")))
    missing = {}
    for field, file, alt in shown:
        has_alt = file.decorative or file.image_alt_text.strip() or alt.strip()
        for code, is_there in (("alt", has_alt), ("credit", file.copyright.strip())):
            if not is_there:
                item = Item(code, field, subject=file.file_name, file_id=file.pk)
                missing.setdefault((code, file.pk), item)
    return list(missing.values())


def list_warnings(article, tags=None):
    """Return what an editor had better look at; nothing of it prevents the publication.

    ``tags`` are the names in a form that is not saved; None stands for those of the article.
    """
    warnings = []
    if tags is None:
        tags = article.pk and article.tags.exists()
    if len(article.title) > LONG_TITLE:
        warnings.append(Item("long", "title", subject=str(LONG_TITLE)))
    if article.lead_image_id is None and not article.is_page:
        warnings.append(Item("picture", "lead_image"))
    if not article.is_page and not tags:
        warnings.append(Item("tags", "tags"))
    root, level = parse_html(article.body), 1
    for heading in root.xpath(".//h2 | .//h3 | .//h4"):
        text = heading.text_content().strip()
        if not text:
            warnings.append(Item("empty heading", "body"))
        elif int(heading.tag[1]) > level + 1:
            warnings.append(Item("skipped", "body", subject=text))
        level = int(heading.tag[1])
    for link in root.xpath(".//a[@href][not(.//img)]"):
        if not link.text_content().strip():
            warnings.append(Item("empty link", "body", subject=link.get("href")))
    return warnings


def check_ready(article, stored, verb):
    """Raise ``NotReady`` if an article may not become, or stay, what it will be once it is saved.

    ``stored`` is its row as it is now, None for a new one. Faults that a public article has
    already are no reason.
    """
    items = _check_date(article, stored, verb)
    if not items and (article.published_at is None or article.is_expired):
        return  # no reader sees it; a constraint of the database refuses the first
    missing = list_missing(article)
    if missing and stored is not None and stored.is_published and article.is_published:
        known = {(item.code, item.subject) for item in list_missing(stored)}
        missing = [item for item in missing if (item.code, item.subject) not in known]
    if items or missing:
        raise NotReady([*items, *missing])


def _check_date(article, stored, verb):
    """Return what the date lacks: nothing is scheduled, or published by a date, by accident."""
    now, at = timezone.now(), article.published_at
    was_scheduled = stored is not None and stored.is_scheduled
    if at is None:
        return [Item("undated", "published_at")] if verb == Verb.SCHEDULE else []
    if verb == Verb.SCHEDULE:
        return [Item("past", "published_at")] if at <= now else []
    if at > now and verb != Verb.RESTORE and not (was_scheduled and verb == Verb.SAVE):
        return [Item("future", "published_at")]
    is_moved = was_scheduled and at != stored.published_at
    if at <= now and is_moved and verb == Verb.SAVE:
        return [Item("past", "published_at")]
    return []
