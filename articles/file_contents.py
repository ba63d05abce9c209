"""New content for stored files: fitted to an address, rendered, and written while others read."""

import os
from dataclasses import dataclass, field
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext
from PIL import Image

from articles.renditions import FORMATS
from articles.uploads import convert_picture


@dataclass(slots=True)
class NewContent:
    """The content that a stored file gets; ``size`` is that of a picture. ``render`` takes seconds,
    ``write`` does not."""

    stored: object  # field file
    content: bytes
    digest: str = ""
    size: tuple = (0, 0)
    renditions: dict = field(default_factory=dict)  # {name: bytes}
    rendered_for: tuple = ()

    @classmethod
    def fit(cls, stored, upload):
        """Return an upload as the content of a stored file; raises ``ValidationError``."""
        if not stored:
            raise ValidationError(gettext("A picture cannot replace a document, nor the reverse."))
        upload = _fit_upload(upload, PurePath(stored.name).suffix.lower().removeprefix("."))
        upload.seek(0)
        new = cls(stored, upload.read(), upload.digest)
        if upload.is_image:
            with Image.open(ContentFile(new.content)) as image:
                new.size = image.size
        return new

    def render(self, focal_point, former_size):
        """Render the picture, also as the renditions that only one of another size had: pages still
        name them. Does nothing if it was rendered for the same."""
        if not all(self.size) or self.rendered_for == (focal_point, former_size):
            return
        file = type(self.stored.instance)(image_ppoi=focal_point)
        file.image_width, file.image_height = self.size
        file.__dict__["image_file"] = self.stored.name  # unlike an assignment this opens no file
        image = file.image_file
        image.file = ContentFile(self.content)
        sizes = [size for size in (self.size, former_size) if all(size)]
        self.renditions = {}
        for rendition in FORMATS.values():
            if any(rendition.is_available_for(*size) for size in sizes):
                context = image._process_context(rendition.complete)
                self.renditions[context.name] = image._process(context=context)
        self.rendered_for = focal_point, former_size

    def write(self):
        storage = self.stored.storage
        for name, content in {**self.renditions, self.stored.name: self.content}.items():
            replace_content(storage, name, content)


def replace_content(storage, name, content):
    """Write bytes under a name that may be taken: readers get the old content or the new one."""
    try:
        path = storage.path(name)
    except NotImplementedError:  # no folder but a bucket, which replaces an object at once
        storage._save(name, ContentFile(content))
        return
    beside = storage.save(name, ContentFile(content))
    os.replace(storage.path(beside), path)


def read_kept(stored):
    """Return a copy of a stored file; None if it is gone."""
    try:
        with stored.open("rb") as content:
            return ContentFile(content.read(), name=PurePath(stored.name).name)
    except FileNotFoundError:
        return None


def _fit_upload(upload, extension):
    """Return an upload in the format of an address."""
    own = PurePath(upload.name).suffix.lower().removeprefix(".")
    if own == extension:
        return upload
    if not upload.is_image:
        message = gettext("The new file must be of the same kind as the old one: %(kind)s.")
        raise ValidationError(message % {"kind": extension.upper()})
    return convert_picture(upload, extension)
