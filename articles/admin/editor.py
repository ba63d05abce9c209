"""The rich-text editor in forms of the admin, under the strict CSP of the site.

The editor has two inline parts. Its import map gets a nonce. Its library adds a style element
unless the page has one; so the page has an empty one, and the rules are in
``static/admin_newsroom/editor.css``.
"""

import copy

from csp.constants import NONCE
from csp.decorators import csp_update
from django.conf import settings
from django.forms.widgets import Script
from django.templatetags.static import static
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django_prose_editor.widgets import ProseEditorWidget
from js_asset import ImportMap, Media

from articles.body.embeds import SERVICES
from articles.body.stored import prepare_for_editor

# Our modules of the editor import each other by these names: production hashes their addresses.
MODULES = (
    *("addresses", "convert", "elsewhere", "embeds", "figure", "flow", "footnote", "formula"),
    *("library", "link", "notes", "pictures", "plain", "ruby", "styles", "tables", "word"),
)
# The groups of the toolbar, the words that are used most first.
GROUPS = ("marks", "link", "lists", "table", "nodes -blockType -lists", "history")
EXTENSIONS = (
    *(
        "Cite",
        "DefinitionList",
        "Description",
        "Elsewhere",
        "End",
        "Footnote",
        "Formula",
        "PaperType",
        "Ruby",
        "Term",
    ),
)

allow_editor = method_decorator(csp_update({"script-src": [NONCE], "style-src": [NONCE]}))


def add_nonce(media, request):
    """Return the media of a form with the nonce of the response for its import map."""
    return Media.from_media(media, nonce=str(request.csp_nonce))


class BodyWidget(ProseEditorWidget):
    """The rich-text editor of a body. Its popup lists the pictures of the library.

    The library's own styles for the admin would force another look upon the text.
    """

    @property
    def media(self):
        modules = {f"newsroom/body/{name}": f"admin_newsroom/body/{name}.js" for name in MODULES}
        return super().media + Media(
            importmap=ImportMap(modules),
            css={"all": ["admin_newsroom/editor.css"]},
            js=[Script("admin_newsroom/editor.js", type="module")],
        )

    def get_config(self):
        config = copy.deepcopy(super().get_config())
        figure = config["extensions"]["Figure"]
        figure["pickerUrl"] = f"{figure['pickerUrl']}?_popup=1&file_type=image_file"
        config["js_modules"] = [static("admin_newsroom/body/extensions.js")]
        config["extensions"] |= dict.fromkeys(EXTENSIONS, True)
        blocks = {"group": "blockType -lists", "type": "dropdown", "minItems": 2}
        groups = [blocks, *({"group": group} for group in GROUPS)]
        config["extensions"]["Menu"] = {"groups": groups}
        figure |= {
            "insertUrl": reverse("admin:articles_mediafile_insert"),
            "creditUrl": reverse("admin:articles_mediafile_credit", args=[0]),
        }
        config["extensions"]["Link"] |= {"targetsUrl": reverse("admin:articles_mediafile_targets")}
        services = [[rule, name] for rule, name, _player in SERVICES]
        config["extensions"]["Embeds"] = {"services": services}
        config["extensions"]["Pasting"] = {"media": settings.MEDIA_URL}
        return config

    def render(self, name, value, attrs=None, renderer=None):
        """Render with a place that links can name: the field itself is hidden by the editor."""
        place = f"{attrs['id']}_place" if attrs and "id" in attrs else ""
        return format_html('<span id="{}"></span>{}', place, super().render(name, value, attrs))

    def format_value(self, value):
        return prepare_for_editor(super().format_value(value) or "")
