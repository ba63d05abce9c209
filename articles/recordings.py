"""Sound and film of the media library: which files are taken, and how a page plays them."""

import re
from pathlib import PurePosixPath
from urllib.parse import urlsplit

FRAME = re.compile(rb"\0*\xff[\xe2-\xff]")  # the beginning of a frame of MPEG sound
CLUSTER = b"\x1f\x43\xb6\x75"  # what holds the frames of a film in WebM


def is_mp4(content):
    """Whether a file is MP4 with an index, without which nothing plays it."""
    return content[4:8] == b"ftyp" and b"moov" in content


def is_webm(content):
    head = content[:128]
    return head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head and CLUSTER in content


def is_mp3(content):
    """Whether a file is MPEG sound, after tags whose length counts 7 bits of each byte."""
    if content.startswith(b"ID3"):
        size = 0
        for byte in content[6:10]:
            size = size << 7 | byte & 0x7F
        content = content[10 + size :]
    return bool(FRAME.match(content))


def is_ogg(content):
    return content.startswith(b"OggS") and content.count(b"OggS") > 1


# {file name extension: (content type, check of the content)}
KINDS = {
    "mp4": ("video/mp4", is_mp4),
    "webm": ("video/webm", is_webm),
    "mp3": ("audio/mpeg", is_mp3),
    "m4a": ("audio/mp4", is_mp4),
    "ogg": ("audio/ogg", is_ogg),
}


def name_player(address):
    """Return the element that plays the file at an address, "audio" or "video", or ""."""
    extension = PurePosixPath(urlsplit(address).path).suffix.removeprefix(".").lower()
    content_type, _check = KINDS.get(extension, ("", None))
    return content_type.partition("/")[0]
