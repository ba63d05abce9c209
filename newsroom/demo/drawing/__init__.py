"""Pictures for the demo articles: flat, calm illustrations drawn with Pillow."""

from io import BytesIO

from newsroom.demo.drawing import diagrams, interiors, land, sea, town, works
from newsroom.demo.drawing.canvas import Canvas
from newsroom.demo.drawing.palettes import PALETTES

MOTIFS = {
    motif.__name__: motif
    for module in (sea, land, works, town, interiors, diagrams)
    for motif in module.MOTIFS
}


def drawn(motif, palette, seed=1):
    """Return a motif (a name in ``MOTIFS``) in a palette as the bytes of a JPEG of 1600 × 1067.

    The same arguments give the same bytes with the same version of Pillow.
    """
    canvas = Canvas(PALETTES[palette], seed)
    MOTIFS[motif](canvas)
    file = BytesIO()
    canvas.finished().save(file, "JPEG", quality=84, optimize=True)
    return file.getvalue()
