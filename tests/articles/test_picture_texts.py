"""The caption and the credit that a picture carries in IPTC, XMP or EXIF."""

import struct

import pytest
from PIL import Image

from articles.uploads import verify_upload
from tests.articles.test_odd_uploads import encoded, oriented, upload


def iptc(*datasets):
    """The APP13 segment with IPTC datasets: (record, number, content)."""
    body = b"".join(
        struct.pack(">BBBH", 0x1C, record, number, len(content)) + content
        for record, number, content in datasets
    )
    block = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(body)) + body + b"\0" * (len(body) % 2)
    segment = b"Photoshop 3.0\0" + block
    return b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment


def with_iptc(*datasets):
    content = encoded(form="JPEG")
    return content[:2] + iptc(*datasets) + content[2:]


def xmp():
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
        ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:p="http://ns.adobe.com/photoshop/1.0/" p:Credit="港湾通信"><dc:description>'
        '<rdf:Alt><rdf:li xml:lang="x-default">沖の船</rdf:li></rdf:Alt></dc:description>'
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def with_exif(**values):
    exif = Image.Exif()
    for key, value in values.items():
        exif[int(key[1:], 16)] = value
    return encoded(form="JPEG", exif=exif)


UTF_8 = (1, 90, b"\x1b%G")
ENTITY = b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
TEXTS = {
    "IPTC in UTF-8": (
        with_iptc(UTF_8, (2, 120, "霧の朝。".encode()), (2, 116, "港湾新報".encode())),
        ("霧の朝。", "港湾新報"),
    ),
    "IPTC in Shift JIS": (
        with_iptc((2, 120, "霧の朝。".encode("cp932")), (2, 110, "梶".encode("cp932"))),
        ("霧の朝。", "梶"),
    ),
    "XMP": (encoded(form="JPEG", xmp=xmp()), ("沖の船", "港湾通信")),
    "EXIF": (with_exif(x010E="Harbour", x013B="Kaji"), ("Harbour", "Kaji")),
    "EXIF in UTF-8": (with_exif(x8298="港湾局".encode()), ("", "港湾局")),
    "what a camera writes": (with_exif(x010E="OLYMPUS DIGITAL CAMERA"), ("", "")),
    "damaged XMP": (encoded(form="JPEG", xmp=b"<x:xmp"), ("", "")),
    "XMP with entities": (encoded(form="JPEG", xmp=ENTITY), ("", "")),
    "an orientation alone": (oriented(6), ("", "")),
}  # fmt: skip


@pytest.mark.parametrize("case", TEXTS)
def test_a_picture_tells_its_caption_and_credit(case):
    content, expected = TEXTS[case]
    texts = verify_upload(upload("a.jpg", content)).texts
    assert (texts.caption, texts.credit) == expected
