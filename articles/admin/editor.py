"""The rich-text editor in a form of the admin, under the site's strict policy.

The editor needs two things inline: its import map, which gets a nonce, and the style element that
its library would add by script. It adds none where one is already there, so the page brings an
empty one and the rules stand in ``static/admin_newsroom/editor.css``.
"""

import copy

from csp.constants import NONCE, SELF
from csp.decorators import csp_update
from django.forms.widgets import Script
from django.utils.decorators import method_decorator
from django_prose_editor.widgets import AdminProseEditorWidget
from js_asset import Media

from articles.body.stored import prepare_for_editor

allow_editor = method_decorator(
    csp_update({"script-src": [SELF, NONCE], "style-src": [SELF, NONCE]})
)


def add_nonce(media, request):
    """Return a form's media whose import map may run in the answer to this request."""
    return Media.from_media(media, nonce=str(request.csp_nonce))


class BodyWidget(AdminProseEditorWidget):
    """The editor of an article's body. It shows the pictures that the body names, and opens the
    library as a popup that holds pictures only."""

    @property
    def media(self):
        return super().media + Media(
            css={"all": ["admin_newsroom/editor.css"]},
            js=[Script("admin_newsroom/editor.js", type="module")],
        )

    def get_config(self):
        config = copy.deepcopy(super().get_config())
        figure = config["extensions"]["Figure"]
        figure["pickerUrl"] = f"{figure['pickerUrl']}?_popup=1&file_type=image_file"
        return config

    def format_value(self, value):
        return prepare_for_editor(super().format_value(value) or "")
