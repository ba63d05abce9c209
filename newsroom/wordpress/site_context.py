"""The context of one item: answers from the export and from what is imported already."""

from dataclasses import dataclass, field

from django.urls import reverse

from articles.models import Redirect
from newsroom.importing.old_urls import read_path, split_url
from newsroom.wordpress.export_index import ExportIndex
from newsroom.wordpress.linked_files import DOCUMENTS
from newsroom.wordpress.markup.conversion_context import ConversionContext, Target
from newsroom.wordpress.markup.jump_targets import build_anchor


@dataclass(slots=True)
class SiteContext(ConversionContext):
    """Answers from the index of an export, for the content of one item.

    ``resolved`` counts the links and pictures with a target here. ``reused_texts`` are the
    contents of reusable blocks: the article depends on them too.
    """

    index: ExportIndex | None = None
    old_id: int = 0
    resolved: int = 0
    reused_texts: list = field(default_factory=list)

    def find_picture(self, old_id, url):
        attachment = self.index.find_picture(old_id, url)
        if not attachment or not attachment.is_image or not attachment.file_id:
            return 0
        self.resolved += 1
        return attachment.file_id

    def list_attached(self):
        return self.index.children.get(self.old_id, ())

    def find_attachment_url(self, old_id):
        attachment = self.index.attachments.get(old_id)
        return attachment.url if attachment else ""

    def is_media_page(self, url):
        return self.index.find_old_id(url) in self.index.attachments

    def find_target(self, url):
        target = None if url.startswith(("mailto:", "tel:")) else self._find_target(url)
        if target:
            self.resolved += 2 if target.title else 1
        return target

    def is_own_file(self, url):
        ending = read_path(url).rpartition(".")[2].lower()
        return ending in DOCUMENTS and self.index.is_own(url)

    def find_reusable(self, old_id):
        content = self.index.reusable.get(old_id, "")
        self.reused_texts.append(content)
        return content

    def _find_target(self, url):
        attachment = self.index.find_attachment(url)
        old_id = self.index.find_old_id(url)
        if attachment is None and old_id in self.index.posts:
            fragment = split_url(url).fragment
            if fragment and not fragment.startswith("comment"):
                fragment = build_anchor(fragment)
                if old_id == self.old_id:
                    return Target(f"#{fragment}") if fragment in self.anchors else None
            return self._build_target(old_id, fragment)
        attachment = attachment or self.index.attachments.get(old_id)
        if attachment and attachment.address:
            return Target(attachment.address, is_file=not attachment.is_image)
        if attachment and old_id and attachment.parent in self.index.posts:
            return self._build_target(attachment.parent)
        if self.index.is_root(url):
            return Target("/")
        return self._find_redirect(url) if self.index.is_own(url) else None

    def _build_target(self, old_id, fragment=""):
        """Return the target of a post, or None if its address or title is not public."""
        post = self.index.posts[old_id]
        if not post.is_for_readers and not self.index.is_ours:
            return None
        href = reverse("articles:detail", args=[post.slug])
        return Target(f"{href}#{fragment}" if fragment else href, post.public_title)

    def _find_redirect(self, url):
        """Return the target of an address that another part of the export imported.

        Addresses of this part are in the index, so that a second run has the same answers.
        """
        parts = split_url(url)
        path = f"/?{parts.query}" if parts.query else parts.path
        redirect = Redirect.objects.for_path(path) if path.strip("/") else None
        if not redirect or not redirect.article_id or not redirect.article.is_published:
            return None
        if redirect.article_id in self.index.article_pks:
            return None
        return Target(redirect.article.get_absolute_url(), redirect.article.title)
