"""The caption and the credit that a picture carries: from IPTC, XMP and EXIF, in this order.

Agencies and photographers write them there. The stored picture has none of it, so they are read
before it is encoded again.
"""

from dataclasses import dataclass

from lxml import etree
from PIL import IptcImagePlugin

from articles.web.html import remove_unprintable

LONGEST = 1000  # characters, as the fields of the library
LONGEST_XMP = 512 * 1024  # bytes
UTF_8 = b"\x1b%G"  # ISO 2022's mark in the dataset for the character set

IPTC_CHARSET = (1, 90)
IPTC_CAPTION = ((2, 120), (2, 105))  # caption, headline
IPTC_CREDIT = ((2, 116), (2, 110), (2, 115), (2, 80))  # copyright, credit, source, byline

DC = "{http://purl.org/dc/elements/1.1/}"
PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
XMP_CAPTION = (f"{DC}description", f"{PHOTOSHOP}Headline")
XMP_CREDIT = (f"{DC}rights", f"{PHOTOSHOP}Credit", f"{PHOTOSHOP}Source", f"{DC}creator")

EXIF_CAPTION = (0x010E, 0x9C9B)  # description, title of Windows
EXIF_CREDIT = (0x8298, 0x013B, 0x9C9D)  # copyright, artist, author of Windows
WINDOWS = range(0x9C9B, 0x9CA0)  # UTF-16 in bytes
# What cameras write where nobody wrote anything.
MEANINGLESS = {"olympus digital camera", "digital camera", "screenshot", "ascii", "unknown"}


@dataclass(frozen=True, slots=True)
class PictureTexts:
    """What a picture says about itself; empty where it says nothing."""

    caption: str = ""
    credit: str = ""


def read_picture_texts(image):
    """Return the texts of an opened picture. Damaged ones are left out."""
    sources = [_read_safely(read, image) for read in (_read_iptc, _read_xmp, _read_exif)]
    return PictureTexts(
        caption=next((caption for caption, _credit in sources if caption), ""),
        credit=next((credit for _caption, credit in sources if credit), ""),
    )


def _read_safely(read, image):
    try:
        return read(image)
    except Exception:  # damaged metadata raises exceptions of every kind
        return "", ""


def _read_iptc(image):
    values = IptcImagePlugin.getiptcinfo(image) or {}
    is_utf_8 = values.get(IPTC_CHARSET) == UTF_8
    texts = {key: _decode(value, is_utf_8) for key, value in values.items()}
    return _choose(texts, IPTC_CAPTION), _choose(texts, IPTC_CREDIT)


def _decode(value, is_utf_8=False):
    """Return a text of unknown encoding: UTF-8, Shift JIS, else Latin-1."""
    if isinstance(value, list):
        return "、".join(filter(None, (_decode(each, is_utf_8) for each in value)))
    for encoding in ("utf-8",) if is_utf_8 else ("utf-8", "cp932"):
        try:
            return value.decode(encoding)
        except UnicodeDecodeError:
            continue
    return value.decode("latin-1")


def _read_xmp(image):
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    packet = packet.encode() if isinstance(packet, str) else packet
    if not packet or len(packet) > LONGEST_XMP or b"<!DOCTYPE" in packet:
        return "", ""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(packet.strip(b"\0 \n"), parser)
    texts = {}
    for element in root.iter(f"{RDF}Description"):
        texts |= dict(element.attrib)
        texts |= {child.tag: _read_value(child) for child in element}
    return _choose(texts, XMP_CAPTION), _choose(texts, XMP_CREDIT)


def _read_value(element):
    """Return a property's text: its own, or those of its list; of languages the first."""
    items = [item.text or "" for item in element.iter(f"{RDF}li")]
    is_choice = next(element.iter(f"{RDF}Alt"), None) is not None
    return "、".join(items[:1] if is_choice else items) if items else element.text or ""


def _read_exif(image):
    exif = image.getexif()
    texts = {key: _decode_exif(key, exif.get(key)) for key in (*EXIF_CAPTION, *EXIF_CREDIT)}
    return _choose(texts, EXIF_CAPTION), _choose(texts, EXIF_CREDIT)


def _decode_exif(key, value):
    if isinstance(value, tuple):
        value = bytes(value)
    if isinstance(value, bytes):
        return value.decode("utf-16-le", "ignore") if key in WINDOWS else _decode(value)
    try:  # Pillow reads a text as Latin-1, and today's programs write UTF-8
        return _decode((value or "").encode("latin-1"))
    except UnicodeEncodeError:
        return value


def _choose(texts, keys):
    """Return the first text under one of the keys, on one line and without control characters."""
    for key in keys:
        text = " ".join(remove_unprintable(texts.get(key) or "").split())
        if text and text.lower() not in MEANINGLESS:
            return text[:LONGEST]
    return ""
