"""The demo's film: a slow look along a picture, made when the demo is loaded.

A lossy WebP holds one key frame of VP8, as does each frame of the film: Pillow encodes them, and
here they are put into WebM, a subset of Matroska (RFC 9559).
"""

import io
import struct

from PIL import Image

SIZE = 640, 360
FRAMES, PER_SECOND = 48, 12
QUALITY = 70


def make_film(picture):
    """Return the bytes of a WebM film that moves along a picture from left to right, and closer."""
    with Image.open(picture) as image:
        still = image.convert("RGB")
    frames = [_encode_frame(still, number / (FRAMES - 1)) for number in range(FRAMES)]
    info = _element(0x2AD7B1, _number(1_000_000))  # nanoseconds of a tick
    info += _element(0x4489, _float(FRAMES * 1000 / PER_SECOND))
    info += _element(0x4D80, b"newsroom") + _element(0x5741, b"newsroom")
    video = _element(0xB0, _number(SIZE[0])) + _element(0xBA, _number(SIZE[1]))
    track = _element(0xD7, _number(1)) + _element(0x73C5, _number(1)) + _element(0x83, _number(1))
    track += _element(0x86, b"V_VP8") + _element(0xE0, video)
    blocks = b"".join(
        _element(0xA3, b"\x81" + (number * 1000 // PER_SECOND).to_bytes(2) + b"\x80" + frame)
        for number, frame in enumerate(frames)
    )
    segment = _element(0x1549A966, info) + _element(0x1654AE6B, _element(0xAE, track))
    segment += _element(0x1F43B675, _element(0xE7, _number(0)) + blocks)
    return _element(0x1A45DFA3, _describe_format()) + _element(0x18538067, segment)


def _describe_format():
    head = _element(0x4286, _number(1)) + _element(0x42F7, _number(1))
    head += _element(0x42F2, _number(4)) + _element(0x42F3, _number(8))
    return (
        head
        + _element(0x4282, b"webm")
        + _element(0x4287, _number(2))
        + _element(0x4285, _number(2))
    )


def _encode_frame(still, progress):
    """Return the VP8 frame that shows the part of a picture at a progress from 0 to 1."""
    width = still.width * (0.72 - 0.12 * progress)
    height = width * SIZE[1] / SIZE[0]
    left, top = (still.width - width) * progress, (still.height - height) * 0.45
    part = still.resize(SIZE, Image.Resampling.BICUBIC, (left, top, left + width, top + height))
    target = io.BytesIO()
    part.save(target, "WEBP", quality=QUALITY, method=2)
    content = target.getvalue()
    start = content.index(b"VP8 ") + 8
    return content[start : start + int.from_bytes(content[start - 4 : start], "little")]


def _element(kind, content):
    """Return an element of EBML (RFC 8794): its ID, the length of its content, the content."""
    length = (len(content) | 1 << 56).to_bytes(8)
    return kind.to_bytes((kind.bit_length() + 7) // 8) + length + content


def _number(value):
    return value.to_bytes(max(1, (value.bit_length() + 7) // 8))


def _float(value):
    return struct.pack(">d", value)
