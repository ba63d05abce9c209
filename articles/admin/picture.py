"""The field for a picture: a popup with the library, and the chosen picture."""

from django.contrib.admin.widgets import ForeignKeyRawIdWidget
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import Script
from django.urls import reverse

from articles.models import MediaFile
from articles.web.paging import read_integer


class PictureWidget(ForeignKeyRawIdWidget):
    """A picture with its texts, chosen from a list of pictures only.

    cabinet's own widget offers downloads too, has a style attribute that the CSP refuses, loads
    the original file, and shows a new choice only after saving.
    """

    template_name = "admin/articles/_picture_widget.html"

    class Media:
        js = [Script("admin_newsroom/picture.js", type="module")]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        pk = read_integer(str(value or ""))
        file = MediaFile.objects.filter(pk=pk).first() if pk else None
        library = reverse("admin:articles_mediafile_changelist")
        return context | {
            "file": file,
            "library": f"{library}?_to_field=id&file_type=image_file",
            "thumbnail": reverse("admin:articles_mediafile_thumbnail", args=[0]),
        }

    def render(self, name, value, attrs=None, renderer=None):
        """Render with the template folders of the site instead of those of Django's forms."""
        return super().render(name, value, attrs, TemplatesSetting())
