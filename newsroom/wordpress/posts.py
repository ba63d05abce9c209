"""Posts and pages become articles."""

from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from taggit.models import Tag

from articles.body import stored
from articles.models import Article
from articles.workflow import NEXT
from newsroom.wordpress.fingerprint import Fingerprint
from newsroom.wordpress.markup.article_html import article_html, plain_text
from newsroom.wordpress.permalinks import SiteSurroundings

STATUSES = {
    "publish": Article.Status.PUBLISHED,
    "future": Article.Status.PUBLISHED,
    "pending": Article.Status.REVIEW,
    "draft": Article.Status.DRAFT,
    "auto-draft": Article.Status.DRAFT,
    "private": Article.Status.DRAFT,
}
TITLE_LENGTH = 300
REASON = "WordPress"  # of a revision that an import made


def title_of(item):
    """Return the title as plain text; one without a title gets the beginning of its text."""
    title = plain_text(item.title)
    if not title:
        begun = plain_text(item.excerpt or item.content[:2_000])
        title = begun[:40] + ("…" if len(begun) > 40 else "")
    title = title or _("(no title)")
    return title if len(title) <= TITLE_LENGTH else title[: TITLE_LENGTH - 1] + "…"


class Posts:
    """Writes one article for an item, or finds that nothing has changed."""

    def __init__(self, mapping, tally, index, *, known, people, categories, tags, dry_run):
        self._mapping = mapping
        self._tally = tally
        self._index = index
        self._people = people
        self._categories = categories
        self._tags = tags
        self._dry_run = dry_run
        self._known = known

    def import_item(self, item):
        """Return (id of the article, "new", "changed" or "same", whether comments were closed
        or opened there since); no id in a dry run where it is not there yet."""
        kind = Article.Kind.PAGE if item.type == "page" else Article.Kind.ARTICLE
        around = SiteSurroundings(footnotes=item.footnotes, index=self._index, old_id=item.old_id)
        texts, links = self._texts(item, around), self._links(item)
        fields = {"kind": kind, **self._state(item), **texts, **links}
        others = self._other_categories(item, fields)
        tags = sorted(
            {
                self._tags.id_of(term.slug, term.name) or 0
                for term in item.terms
                if term.domain == "post_tag"
            }
        )
        found = around.found + bool(links["lead_image_id"])
        now = Fingerprint.of(item, told=around.told, found=found)
        pk, known_check = self._known.get(str(item.old_id), (None, ""))
        before = Fingerprint.parsed(known_check)
        is_rewritten = now.says != before.says or (now.found > before.found and _is_untouched(pk))
        is_switched = before.is_open not in {None, now.is_open}
        outcome = "changed" if is_rewritten or is_switched else "same"
        outcome = outcome if pk else "new"
        self._tally.count(item.type, outcome)
        if is_rewritten and not self._dry_run:
            pk = self._write(item, pk, fields, others, tags)
        if outcome != "same":
            kept = now if is_rewritten else replace(before, is_open=now.is_open)
            self._mapping.remember("post", (item.old_id, pk, str(kept)))
        return pk, outcome, is_switched

    def _state(self, item):
        status = STATUSES.get(item.status, Article.Status.DRAFT)
        published_at = item.published_at
        if item.status not in STATUSES:
            self._remark(item, _("status “%s” is not known here: now a draft") % item.status)
        if item.status == "private":
            self._remark(item, _("was private: now a draft"))
        if item.has_password:
            self._remark(item, _("was protected by a password: now a draft"))
            status = Article.Status.DRAFT
        elif status == Article.Status.PUBLISHED and not published_at:
            self._remark(item, _("has no date of publication: now a draft"))
            status = Article.Status.DRAFT
        elif item.status in {"draft", "auto-draft", "pending"}:
            published_at = None
        updated_at = item.modified_at or item.published_at
        return {
            "status": status,
            "published_at": published_at,
            "featured": item.sticky,
            **({"updated_at": updated_at} if updated_at else {}),
        }

    def _texts(self, item, surroundings):
        html = stored.sanitize_body(article_html(item.content, surroundings))
        for text, times in surroundings.remarks.items():
            self._remark(item, text, times=times)
        return {
            "title": self._index.posts[item.old_id].title,
            "lead": plain_text(article_html(item.excerpt)) if item.excerpt.strip() else "",
            "body": html,
        }

    def _links(self, item):
        image = self._index.attachments.get(item.thumbnail)
        return {
            "author_id": self._people.user_id(item.author),
            "category_id": self._main_category(item),
            "lead_image_id": image.file_id if image and image.is_image else None,
        }

    def _main_category(self, item):
        """Return the category an SEO plugin marks as the main one, else the most specific."""
        terms = {term.slug: term for term in item.terms if term.domain == "category"}
        ids = {slug: self._categories.id_of(slug, term.name) for slug, term in terms.items()}
        marked = self._categories.slug_of(item.main_category) if item.main_category else ""
        if marked in ids:
            return ids[marked]
        depths = {slug: len(self._categories.ancestors(slug)) for slug in ids}
        return ids[max(ids, key=lambda slug: depths[slug])] if ids else None

    def _other_categories(self, item, fields):
        """Return the ids of the other categories, without those above the main one."""
        slugs = {term.slug for term in item.terms if term.domain == "category"}
        ids = {slug: self._categories.id_of(slug, "") for slug in slugs}
        main = next((slug for slug in ids if ids[slug] == fields["category_id"]), "")
        above = {*self._categories.ancestors(main), main} if main else set()
        return sorted(ids[slug] or 0 for slug in slugs - above)

    @transaction.atomic
    def _write(self, item, pk, fields, others, tags):
        article = Article.objects.filter(pk=pk).first() if pk else None
        if article is None:
            article = Article(
                slug=self._index.posts[item.old_id].slug,
                created_at=item.published_at or timezone.now(),
            )
        if article.is_withdrawn:
            del fields["status"]
        elif article.pk and fields["status"] not in NEXT[article.status]:
            fields["status"] = Article.Status.DRAFT  # from published to pending
        for name, value in fields.items():
            setattr(article, name, value)
        article._change_reason = REASON

        def save_parts():
            article.other_categories.set(others)
            article.tags.set(Tag.objects.filter(pk__in=tags))

        try:
            article.save_whole(save_parts)
        except ValidationError as error:
            raise ValueError(" ".join(error.messages)) from error
        return article.pk

    def _remark(self, item, text, times=1):
        self._tally.remark(
            text, line=item.line, subject=self._index.posts[item.old_id].title, times=times
        )


def _is_untouched(pk):
    """Whether nobody has changed an article since the import wrote it."""
    newest = Article.history.filter(id=pk).order_by("-history_date", "-history_id").first()
    return bool(newest) and newest.history_change_reason == REASON
