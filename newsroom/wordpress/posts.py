"""Posts and pages become articles."""

from dataclasses import dataclass, replace

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from taggit.models import Tag

from articles.body import stored
from articles.models import Article, ArticleSource, Credit
from articles.models.series import LAST
from articles.revisions import store_snapshot
from articles.workflow import NEXT, Verb
from newsroom.importing.kept_edits import is_edited, store_other_version
from newsroom.importing.mapping import DELETED
from newsroom.importing.record_importer import RecordImporter
from newsroom.wordpress.bylines import write_credits
from newsroom.wordpress.fingerprint import Fingerprint
from newsroom.wordpress.markup.article_html import convert_content, extract_text
from newsroom.wordpress.own_fields import read_corrections, read_related, read_sources, read_state
from newsroom.wordpress.site_context import SiteContext
from newsroom.wordpress.wxr.vocabulary import ARTICLE, PHOTOGRAPHERS

STATUSES = {
    "publish": Article.Status.PUBLISHED,
    "future": Article.Status.PUBLISHED,
    "pending": Article.Status.REVIEW,
    "draft": Article.Status.DRAFT,
    "auto-draft": Article.Status.DRAFT,
    "private": Article.Status.DRAFT,
}
TITLE_LENGTH = 300
REASON = "WordPress"  # the change reason of a revision by an import


def choose_title(item):
    """Return the title as plain text; without one, the beginning of the text."""
    title = extract_text(item.title)
    if not title:
        text = extract_text(item.excerpt or item.content[:2_000])
        title = text[:40] + ("…" if len(text) > 40 else "")
    title = title or _("(no title)")
    return title if len(title) <= TITLE_LENGTH else title[: TITLE_LENGTH - 1] + "…"


@dataclass(frozen=True, slots=True)
class ImportedPost:
    """The outcome for one item; ``pk`` is None for a new article in a dry run.

    ``is_switched`` says whether the old site closed or opened the comments since the last run.
    """

    pk: int | None
    outcome: str
    is_switched: bool


class PostImporter(RecordImporter):
    """Writes one article for an item, unless nothing has changed since the last run."""

    def __init__(
        self, *common, index, known, authors, bylines, categories, tags, series, **options
    ):
        super().__init__(*common, **options)
        self._index = index
        self._authors = authors
        self._bylines = bylines
        self._categories = categories
        self._tags = tags
        self._series = series
        self._known = known
        self._related = {}  # slugs of the related articles, by primary key

    def import_item(self, item):
        kind = Article.Kind.PAGE if item.type == "page" else Article.Kind.ARTICLE
        context = SiteContext(
            footnotes=item.footnotes,
            is_rendered=item.is_rendered,
            index=self._index,
            old_id=item.old_id,
        )
        category_id, categories = self._find_categories(item)
        image = self._index.find_by_id(item.thumbnail)
        if item.thumbnail and not (image and image.is_image and image.file_id):
            self._remark(item, _("featured image left out: not in the media library"))
        fields = {
            "kind": kind,
            **self._convert_state(item),
            **self._convert_texts(item, context),
            "author_id": self._authors.find_account(item.author),
            "category_id": category_id,
            "lead_image_id": image.file_id if image and image.is_image else None,
            **self._convert_card(item),
            **self._find_series(item),
            **_find_language(item),
            **read_corrections(item, self._authors.find_by_name),
        }
        tags = [
            self._tags.find_id(term.slug, term.name)
            for term in item.terms
            if term.domain == "post_tag"
        ]
        resolved = context.resolved + bool(fields["lead_image_id"])
        now = Fingerprint.of(item, reused_texts=context.reused_texts, resolved=resolved)
        pk, checksum = self._known.get(str(item.old_id), DELETED)
        before = Fingerprint.parse(checksum)
        is_changed = now.content != before.content or (self._theirs and before.is_kept)
        is_completed = now.resolved > before.resolved
        article = self._lock(pk) if pk and (is_changed or is_completed) else None
        edited = article is not None and is_edited(article, REASON)
        is_rewritten = is_changed or (is_completed and not edited)
        is_kept = is_changed and edited and not self._theirs
        is_switched = before.is_open not in {None, now.is_open}
        outcome = "changed" if is_rewritten or is_switched else "same"
        outcome = ("kept" if is_kept else outcome) if pk else "new"
        self._report.count(item.type, outcome)
        if is_kept:
            self._keep(item, article, fields, categories, tags)
        elif is_rewritten:
            if edited:
                self._remark(item, _("edited here too: replaced by the version of the export"))
            pk = self._write(item, article, fields, categories, tags)
        if outcome != "same":
            fingerprint = now if is_rewritten else replace(before, is_open=now.is_open)
            still_kept = is_kept or (before.is_kept and not is_rewritten)
            fingerprint = replace(fingerprint, is_kept=still_kept)
            self._mapping.save("post", (item.old_id, pk, str(fingerprint)))
        return ImportedPost(pk, outcome, is_switched)

    def _lock(self, pk):
        """Return an article that nobody else saves until it is written."""
        articles = Article.objects if self._dry_run else Article.objects.select_for_update()
        article = articles.filter(pk=pk).first()
        if article is None:  # an editor has deleted it since the import began
            raise ValidationError(_("deleted on this site"))
        return article

    def _keep(self, item, article, fields, categories, tags):
        """Leave an article as it was edited here, and store the other version as a revision."""
        self._remark(item, _("edited here too: kept, the version of the export is a revision"))
        if not self._dry_run:
            names = list(Tag.objects.filter(pk__in=tags).values_list("name", flat=True))
            parts = {"tags": names, "other_categories": categories}
            store_other_version(article, REASON, fields, parts)

    def link_related(self):
        """Link the related articles that exports of ours name, once all articles are written."""
        for pk, slugs in self._related.items():
            article = Article.objects.filter(pk=pk).first()
            if article is None:  # its item was rolled back
                continue
            others = Article.objects.exclude(pk=pk).filter(slug__in=slugs)
            keys = dict(others.values_list("slug", "pk"))
            with transaction.atomic():
                for position, slug in enumerate(slug for slug in slugs if slug in keys):
                    article.related_links.create(related_id=keys[slug], position=position)
                store_snapshot(article)

    def _convert_state(self, item):
        if own := read_state(item):
            return {"featured": item.sticky, **own}
        status = STATUSES.get(item.status, Article.Status.DRAFT)
        published_at = item.published_at
        if item.status not in STATUSES:
            self._remark(item, _("unknown status “%s”: saved as a draft") % item.status)
        if item.status == "private":
            self._remark(item, _("private: saved as a draft"))
        if item.has_password:
            self._remark(item, _("password-protected: saved as a draft"))
            status = Article.Status.DRAFT
        elif status == Article.Status.PUBLISHED and not published_at:
            self._remark(item, _("no publication date: saved as a draft"))
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

    def _convert_texts(self, item, context):
        body = stored.sanitize_body(convert_content(item.content, context))
        for text, times in context.remarks.items():
            self._remark(item, text, times=times)
        return {
            "title": self._index.posts[item.old_id].title,
            "lead": extract_text(convert_content(item.excerpt)) if item.excerpt.strip() else "",
            "body": body,
        }

    def _convert_card(self, item):
        """Return what a plugin for search engines says; nothing of it removes what is here."""
        if item.has_seo_pattern:
            self._remark(item, _("text for search engines left out: it is a pattern of a plugin"))
        image = self._index.find_by_id(item.card_image)
        card = {
            "seo_title": extract_text(item.seo_title)[:200],
            "seo_description": extract_text(item.seo_description)[:500],
            "card_image_id": image.file_id if image and image.is_image else None,
        }
        return {name: value for name, value in card.items() if value}

    def _find_series(self, item):
        """Return the series of an item and its number there; an article has one at most."""
        terms = [term for term in item.terms if term.domain == "series"]
        if not terms:
            return {}
        if len(terms) > 1:
            self._remark(item, _("further series left out"), times=len(terms) - 1)
        number = item.series_number if 0 < item.series_number <= LAST else None
        pk = self._series.find_id(terms[0].slug, terms[0].name)
        return {"series_id": pk, **({"series_number": number} if number else {})}

    def _find_categories(self, item):
        """Return the ids of the main category and of the others, without those above the main one.

        The main category is the one that an SEO plugin marks, else the most specific.
        """
        find_id, list_ancestors = self._categories.find_id, self._categories.list_ancestors
        terms = {term.slug: term for term in item.terms if term.domain == "category"}
        ids = {slug: find_id(slug, term.name) for slug, term in terms.items()}
        main = self._categories.find_slug(item.main_category) if item.main_category else ""
        if main not in ids:
            main = max(ids, key=lambda slug: len(list_ancestors(slug)), default="")
        above = {main, *list_ancestors(main)}
        return ids.get(main) or self._categories.section, [
            pk for slug, pk in ids.items() if slug not in above
        ]

    def _write(self, item, article, fields, categories, tags):
        """Write an article, or find in a dry run what would refuse it; return its id."""
        if article is None:
            article = Article(
                slug=self._index.posts[item.old_id].slug,
                created_at=item.published_at or timezone.now(),
            )
        if article.is_withdrawn or article.is_trashed:
            for name in ("status", "trashed_at", "trashed_from"):
                fields.pop(name, None)
        elif article.pk and fields["status"] not in NEXT[article.status]:
            self._remark(
                item, _("published here, but pending again at the source: saved as a draft")
            )
            fields["status"] = Article.Status.DRAFT
        for name, value in fields.items():
            setattr(article, name, value)
        if self._dry_run:
            article.validate_constraints(exclude={"slug"})
            return article.pk
        article._change_reason = REASON

        def save_parts():
            article.other_categories.set(categories)
            article.tags.set(Tag.objects.filter(pk__in=tags))
            bylines = self._bylines.find_bylines(item)
            if bylines is not None:
                write_credits(article, bylines)
            self._write_own_parts(item, article)

        article.verb = Verb.IMPORT
        article.save_whole(save_parts)
        return article.pk

    def _write_own_parts(self, item, article):
        """Write what only exports of ours hold."""
        if ARTICLE not in item.own:
            return
        names = [name for name in item.own.get(PHOTOGRAPHERS, ()) if isinstance(name, str)]
        photographers = dict.fromkeys(map(self._bylines.find_byline, names))
        write_credits(article, photographers, Credit.Part.PHOTO)
        article.sources.all().delete()
        ArticleSource.objects.bulk_create(
            ArticleSource(article=article, position=position, **source)
            for position, source in enumerate(read_sources(item))
        )
        article.related_links.all().delete()
        if slugs := read_related(item):
            self._related[article.pk] = slugs

    def _remark(self, item, text, times=1):
        title = self._index.posts[item.old_id].title
        self._report.remark(text, line=item.line, subject=title, times=times)


def _find_language(item):
    """Return the language that a plugin for several languages (Polylang) gives an item."""
    codes = [term.slug for term in item.terms if term.domain == "language"]
    return {"language": codes[0]} if codes and codes[0] in dict(settings.LANGUAGES) else {}
