"""What a verb did to an article, in a sentence with a link."""

from django.contrib.admin.utils import quote
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from articles.web.sentences import join_sentences
from articles.workflow import Status


def describe_state(article):
    """Return a sentence with links that says in which state an article is now."""
    sentences = {
        Status.DRAFT: _("“%(title)s” is a draft again. Readers do not see it."),
        Status.REVIEW: _("“%(title)s” was submitted for review."),
        Status.PUBLISHED: _("“%(title)s” was published."),
        Status.TRASH: _("“%(title)s” is in the trash. Nobody sees it."),
        Status.WITHDRAWN: _("“%(title)s” was withdrawn. Its page shows the note."),
    }
    sentence, at = sentences[article.status], ""
    if article.is_scheduled:
        sentence = _("“%(title)s” was scheduled for %(at)s.")
        at = date_format(timezone.localtime(article.published_at), "DATETIME_FORMAT")
    elif article.is_expired:
        sentence = _("“%(title)s” has expired. Readers do not see it.")
    return format_html("{} {}", sentence % {"title": article, "at": at}, _build_link(article))


def describe_refusal(article, error):
    """Return what an article lacks, with a link to its form."""
    form = reverse("admin:articles_article_change", args=[quote(article.pk)])
    reasons = join_sentences(error.messages)
    return format_html('<a href="{}">{}</a>: {}', form, article, reasons)


def describe_move(article, old_path):
    """Return that an old address redirects to the new one."""
    sentence = _("The old address %(old)s redirects to the new one.") % {"old": old_path}
    return format_html("{} {}", sentence, _build_link(article))


def _build_link(article):
    """Return a link to the page that readers see, or to the preview."""
    if article.is_reachable:
        return format_html('<a href="{}">{}</a>', article.get_absolute_url(), _("View on site"))
    if article.is_trashed:
        restore = reverse("admin:articles_article_restore", args=[quote(article.pk)])
        return format_html('<a href="{}">{}</a>', restore, _("Restore…"))
    preview = reverse("admin:articles_article_preview", args=[quote(article.pk)])
    return format_html('<a href="{}">{}</a>', preview, _("Preview"))
