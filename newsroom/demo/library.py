"""The demo's pictures in the media library."""

from cabinet.models import Folder
from django.core.files.base import ContentFile

from articles.models import MediaFile

FOLDER = "港湾新報のデモ"


def shelve(picture):
    """Copy a picture into the library; returns its file."""
    folder, _created = Folder.objects.get_or_create(name=FOLDER, parent=None)
    file = MediaFile(
        folder=folder,
        image_alt_text=picture.alt,
        caption=picture.caption,
        copyright=picture.credit,
    )
    file.file = ContentFile(picture.path.read_bytes(), name=picture.path.name)
    file.save()
    return file
