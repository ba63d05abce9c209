"""The demo's pictures in the media library."""

from cabinet.models import Folder
from django.core.files.base import ContentFile

from articles.models import MediaFile
from newsroom.demo.drawing import drawn

FOLDER = "港湾新報のデモ"


def shelve(picture):
    """Draw a picture and put it into the library; returns its file."""
    folder, _created = Folder.objects.get_or_create(name=FOLDER, parent=None)
    content = drawn(picture.motif, picture.palette, picture.seed)
    file = MediaFile(
        folder=folder,
        image_alt_text=picture.alt,
        caption=picture.caption,
        copyright=picture.credit,
    )
    file.file = ContentFile(content, name=f"{picture.key}.jpg")
    file.save()
    return file
