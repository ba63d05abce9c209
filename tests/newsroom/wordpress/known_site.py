"""A small site for the conversion of contents to ask about."""

from newsroom.wordpress.markup.article_html import convert_content
from newsroom.wordpress.markup.conversion_context import ConversionContext, Target

IMAGE = '<img src="https://old.example/a.jpg" class="wp-image-5" alt="海">'
FIGURE = '<figure><img data-file="50" alt="海"></figure>'


class Known(ConversionContext):
    """A site with picture 5 (here 50), a gallery of 5 and 6, and one other article."""

    def find_picture(self, old_id, url):
        return {5: 50, 6: 60}.get(old_id, 0)

    def list_attached(self):
        return [5, 6]

    def find_attachment_url(self, old_id):
        return f"https://old.example/{old_id}.mp3"

    def is_media_page(self, url):
        return url == "https://old.example/page-of-image/"

    def find_target(self, url):
        return Target("/articles/next/", "次の話") if url == "https://old.example/next/" else None

    def find_reusable(self, old_id):
        return {
            1: "<!-- wp:paragraph --><p>共通</p><!-- /wp:paragraph -->",
            2: '<!-- wp:block {"ref":2} /-->',
        }.get(old_id, "")


def convert(content, **fields):
    return convert_content(content, Known(**fields))
