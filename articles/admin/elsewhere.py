"""Pictures from elsewhere: fetched or decoded, checked like uploads, put into the library."""

import base64
import binascii
import posixpath
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from cabinet.models import Folder
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from articles.body.stored import read_file_id
from articles.download import FileRefused, fetch_file
from articles.models import MediaFile
from articles.upload_limits import MAX_BYTES
from articles.uploads import verify_image
from articles.web.html import parse_html, serialize_html
from articles.web.sentences import join_sentences

TAKE, LEAVE = "take", "leave"
MOST = 20  # pictures of a request
DEADLINE = 15  # seconds for a picture


def take_from_elsewhere(address, *, user=None):
    """Put the picture at an address, or the one in a ``data:`` address, into the library.

    Raises ``ValidationError`` with a sentence.
    """
    try:
        upload = _decode(address) if address.startswith("data:") else _fetch(address)
    except FileRefused as error:
        raise ValidationError(
            _("%(address)s: %(reason)s") % {"address": address[:80], "reason": error}
        ) from error
    return store_picture(upload, user=user)


def store_picture(upload, *, user=None):
    """Return the file of the library with an uploaded picture, an old one for the same content. A
    new one is added in the name of a user."""
    upload = verify_image(upload)
    file = MediaFile.objects.find_same(upload)
    if file is None:
        file = MediaFile(folder=choose_folder(), image_file=upload)
        file.changed_by = user
        file.save()
    return file


def choose_folder():
    """Return the folder of the newest file, else any folder, else a new one."""
    newest = MediaFile.objects.order_by("-pk").select_related("folder").first()
    if newest:
        return newest.folder
    return Folder.objects.first() or Folder.objects.create(name=_("Pictures of articles"))


def may_take_pictures(request):
    """Whether the editor has chosen to take the pictures of the body, and may."""
    is_chosen = request.POST.get("elsewhere") == TAKE
    return is_chosen and request.user.has_perm("articles.add_mediafile")


def take_pictures(request):
    """Put the pictures of a sent body into the library and name their files in the body instead.

    Refused ones stay as they are, with a message for each.
    """
    root = parse_html(request.POST.get("body", ""))
    for image in [image for image in root.iter("img") if _is_elsewhere(image)][:MOST]:
        try:
            file = take_from_elsewhere(image.get("src", ""), user=request.user)
        except ValidationError as error:
            messages.warning(request, join_sentences(error.messages))
        else:
            image.attrib.pop("src", None)
            image.set("data-file", str(file.pk))
    post = request.POST.copy()
    post["body"] = serialize_html(root)
    request.POST = post


def _is_elsewhere(image):
    return read_file_id(image) is None and bool(image.get("src"))


def _fetch(address):
    content = fetch_file(address, limit=MAX_BYTES, deadline=DEADLINE)
    name = posixpath.basename(unquote(urlsplit(address).path)) or "picture"
    return SimpleUploadedFile(name, content)


def _decode(address):
    """Return the content of a ``data:`` address (RFC 2397) as an upload."""
    head, _comma, text = address.partition(",")
    try:
        content = (
            base64.b64decode(unquote(text)) if head.endswith(";base64") else unquote_to_bytes(text)
        )
    except (binascii.Error, ValueError) as error:
        raise FileRefused(_("not a picture")) from error
    return SimpleUploadedFile("picture", content)
