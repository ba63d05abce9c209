"""Pictures as people send them."""

import io

from cabinet.models import Folder
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from articles.models import MediaFile


def picture(name="port.jpg", *, size=(640, 420), mode="RGB", form="JPEG", **options):
    """An upload: soft noise, as a camera would have written it."""
    target = io.BytesIO()
    noise = Image.effect_noise((size[0] // 8 or 1, size[1] // 8 or 1), 60)
    noise.resize(size).convert(mode).save(target, form, **options)
    return SimpleUploadedFile(name, target.getvalue(), Image.MIME[form])


def in_library(name="port.jpg", *, folder="港", upload=None, **texts):
    """A picture in the media library."""
    folder, _created = Folder.objects.get_or_create(name=folder, parent=None)
    file = MediaFile(folder=folder, **texts)
    file.file = upload or picture(name)
    file.save()
    return file


def stored_once(**texts):
    """A picture in the media library, a row of its own, but the file of all is the same: its
    renditions take long to make."""
    folder, _created = Folder.objects.get_or_create(name="港", parent=None)
    file = MediaFile(folder=folder, file_name="ship.png", **texts)
    if _stored:
        file.image_file = _stored[0]
    else:
        target = io.BytesIO()
        Image.new("RGB", (1500, 1000), "grey").save(target, "PNG")
        file.file = SimpleUploadedFile("ship.png", target.getvalue())
    file.save()
    _stored[:] = [file.image_file.name]
    return file


_stored = []
