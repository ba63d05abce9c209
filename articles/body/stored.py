"""The stored body of an article: what the editor allows, and how the body is rendered.

The stored HTML is sanitized, and its images are references to the media library
(``<img data-file="7">``). Address, size, alternative text and credit are added at rendering, so
a correction in the library reaches every article.
"""

import re
from html import unescape

import nh3
from cabinet.models import get_file_model
from django.conf import settings
from django.urls import reverse_lazy
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django_prose_editor.config import allowlist_from_extensions, expand_extensions
from lxml.html.builder import E

from articles.body.embeds import build_cards
from articles.body.foreign import convert_foreign
from articles.body.formulas import ATTRIBUTES as FORMULA_ATTRIBUTES
from articles.body.formulas import ELEMENTS as FORMULA_ELEMENTS
from articles.body.showing import build_recordings, join_galleries, mark_quotations
from articles.web.addresses import build_path
from articles.web.html import parse_html, remove_unprintable, serialize_html
from articles.web.paging import read_integer

EDITOR = {
    "extensions": {
        "Bold": True,
        "Italic": True,
        "Strike": True,
        "Subscript": True,
        "Superscript": True,
        "Code": True,
        "Heading": {"levels": [2, 3, 4]},
        "BulletList": True,
        "OrderedList": True,
        "ListItem": True,
        "Blockquote": True,
        "HorizontalRule": True,
        "HardBreak": True,
        "CodeBlock": True,
        "Table": True,
        "TableRow": True,
        "TableHeader": True,
        "TableCell": True,
        "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto", "tel"]},
        "Image": True,
        "Caption": True,
        "Figure": {"pickerUrl": reverse_lazy("admin:articles_mediafile_changelist")},
    }
}
FURTHER_TAGS = {"cite", "dl", "dt", "dd", "tfoot", "caption", "ruby", "rt", "rp"}
FILE_ID = re.compile(r"data-file=[\"']?([^\"'\s>]+)")
NOTE = re.compile(r"note-\d{1,6}")
ANCHOR = re.compile(r"at-[\w.-]{1,100}")  # a place that links of an imported text lead to
ANCHORED = ("h2", "h3", "h4", "p")
ALIGNMENTS = {"align-left", "align-center", "align-right"}  # classes of cells
CELLS = ("td", "th")
ADDRESSES = {"href", "src", "cite"}
EVERYWHERE = {"lang", "title"}
SCHEMES = {"http", "https", "mailto", "tel"}
SIZES = "(min-width: 748px) 684px, 100vw"


def _list_allowed():
    """Return the elements of a stored body, and their attributes by element."""
    config = allowlist_from_extensions(expand_extensions(EDITOR["extensions"]))
    attributes = {tag: set(names) for tag, names in config["attributes"].items()}
    attributes["a"] = {"href", "title"}
    attributes["img"] = {"src", "alt", "data-file"}
    attributes["ol"] = {"start", "type", "reversed"}
    attributes["li"] = {"id", "value"}
    for tag in ANCHORED:
        attributes[tag] = attributes.get(tag, set()) | {"id"}
    attributes.pop("figure", None)
    attributes |= dict.fromkeys(FORMULA_ELEMENTS, FORMULA_ATTRIBUTES)
    return set(config["tags"]) | FURTHER_TAGS | FORMULA_ELEMENTS, attributes


_TAGS, _ATTRIBUTES = _list_allowed()
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    allowed_classes=dict.fromkeys(CELLS, ALIGNMENTS),
    url_schemes=SCHEMES,
    link_rel=None,
)
# A tag as serializers write it; whatever else a browser may take for one is none.
_TAG = re.compile(
    r"</(?P<end>[a-z][a-z0-9]*)>"
    r'|<(?P<name>[a-z][a-z0-9]*)(?P<attributes>(?: [a-z-]++(?:="[^"<]*+")?)*+)>'
)
_ATTRIBUTE = re.compile(r' (?P<name>[a-z-]++)(?:="(?P<value>[^"]*+)")?')
_OTHER_SCHEME = re.compile(rf"(?!(?:{'|'.join(SCHEMES)}):)[^/?#]*:")


def sanitize_body(html):
    """Return HTML reduced to the elements of the editor and to images of the library.

    Images that name no file of the library are removed, and so are figures without content.
    """
    root = parse_html(_CLEANER.clean(convert_foreign(html)))
    known = load_files(html)
    for image in root.xpath(".//img"):
        file = known.get(read_file_id(image))
        if file:
            image.attrib.pop("src", None)
            if image.get("alt") in {"", file.image_alt_text}:
                del image.attrib["alt"]  # a correction in the library shall reach it
        else:
            image.drop_tree()
    _drop_empty_figures(root)
    for block in root.xpath(".//pre[node()][not(code)]"):
        block.append(_take_content(block, E.code()))  # as the editor writes it
    for caption in root.xpath(".//table/caption"):
        _move_caption(caption)
    for caption in root.xpath(".//figure/figcaption[not(node())]"):
        caption.drop_tree()
    _connect_notes(root)
    _drop_other_ids(root)
    for caption in root.xpath(".//figcaption[not(ancestor::figure)]"):
        caption.tag = "p"  # the editor takes a table out of its figure
    for paragraph in root.xpath(".//p[not(node())]"):
        paragraph.drop_tree()
    return serialize_html(root)


def clean_stored(html):
    """Return a body that another site has stored: as it is if it holds nothing but what sanitized
    bodies hold, else without the rest. Images that are gone from the library stay."""
    rest = _TAG.sub(_drop_allowed, html)
    return serialize_html(parse_html(_CLEANER.clean(html))) if "<" in rest else html


def _drop_allowed(tag):
    """Return a tag, but an empty string for one that the sanitizer would leave as it is."""
    if tag["end"]:
        return "" if tag["end"] in _TAGS else tag[0]
    allowed = _ATTRIBUTES.get(tag["name"], set()) | EVERYWHERE
    for attribute in _ATTRIBUTE.finditer(tag["attributes"]):
        name, value = attribute["name"], unescape(attribute["value"] or "")
        is_fine = name in allowed and not (name in ADDRESSES and _OTHER_SCHEME.match(value))
        is_alignment = name == "class" and tag["name"] in CELLS and set(value.split()) <= ALIGNMENTS
        if not (is_fine or is_alignment):
            return tag[0]
    return "" if tag["name"] in _TAGS else tag[0]


def _take_content(element, box):
    """Return a box with all that was in an element."""
    box.text, element.text = element.text, None
    box.extend(list(element))
    return box


def _move_caption(caption):
    """Make the caption of a table that of a figure around it, as the editor writes it."""
    table = caption.getparent()
    caption.tag, caption.tail = "figcaption", None
    is_alone = table.getparent().tag != "figure"
    figure = _wrap(table, E.figure()) if is_alone else table.getparent()
    if caption.text_content().strip() and figure.find("figcaption") is None:
        figure.append(caption)
    else:
        caption.drop_tree()


def _connect_notes(root):
    """Remove the ids that no footnote has, and references to notes that are gone."""
    for item in root.xpath(".//li[@id]"):
        if not NOTE.fullmatch(item.get("id")):
            del item.attrib["id"]
    notes = set(root.xpath(".//li/@id"))
    for link in root.xpath(".//a[starts-with(@href, '#note-')]"):
        if link.get("href")[1:] not in notes:
            link.drop_tag()


def _drop_other_ids(root):
    """Remove the ids of headings and paragraphs that are no anchor, or are not the first."""
    seen = set()
    for element in root.iter(*ANCHORED):
        name = element.get("id", "")
        if name and (not ANCHOR.fullmatch(name) or name in seen):
            del element.attrib["id"]
        seen.add(name)


def render_body(html, files=None):
    """Return the stored body as safe HTML for readers, with at most one query: none if the files
    of its pictures come with it (``load_files``).

    A figure whose file was deleted is left out.
    """
    root = parse_html(html)
    files = load_files(html) if files is None else files
    for image in root.xpath(".//img"):
        file = files.get(read_file_id(image))
        if file:
            _fill_image(image, file)
        else:
            image.drop_tree()
    _drop_empty_figures(root)
    for table in root.xpath(".//table"):
        # The box scrolls on its own and can take the keyboard focus.
        box = {"class": "table-scroll", "tabindex": "0", "role": "region", "aria-label": _("Table")}
        _wrap(table, E.div(box))
    for link in root.xpath(".//a[@href]"):
        if not link.get("href").startswith(("/", "#", settings.SITE_URL)):
            link.set("rel", "noopener")
    build_cards(root)
    build_recordings(root)
    mark_quotations(root)
    join_galleries(root)
    _link_notes_back(root)
    _mark_related_links(root)
    return mark_safe(serialize_html(root))


def prepare_for_editor(html):
    """Return a body for the editor, which drops images without an address. At most one query."""
    root = parse_html(html)
    files = load_files(html)
    for image in root.xpath(".//img"):
        if file := files.get(read_file_id(image)):
            image.set("src", file.image_file.w960)
            texts = {"alt": file.image_alt_text, "caption": file.caption, "credit": file.copyright}
            for name, text in texts.items():
                image.set(f"data-{name}", remove_unprintable(text))
    return serialize_html(root)


def _drop_empty_figures(root):
    for figure in root.xpath(".//figure[not(.//img)][not(.//table)][not(.//blockquote)]"):
        if figure.getparent() is not None:
            figure.drop_tree()


def read_file_id(image):
    return read_integer(image.get("data-file", ""))


def load_files(html):
    """Return {primary key: file} of the pictures of a stored body. At most one query."""
    ids = find_file_ids(html)
    files = get_file_model().objects.in_bulk(ids) if ids else {}
    return {pk: file for pk, file in files.items() if file.is_image}


def find_file_ids(html):
    """Return the primary keys of the pictures that a stored body names."""
    return set(list_file_ids(html))


def list_file_ids(html):
    """Return the primary keys of the pictures that a stored body names, in their order."""
    keys = map(read_integer, FILE_ID.findall(html))
    return [key for key in keys if key is not None]


def _fill_image(image, file):
    alt = image.get("alt") or remove_unprintable(file.image_alt_text)
    image.attrib.clear()
    image.attrib.update(
        {
            "src": file.image_file.w960,
            "srcset": file.build_srcset("webp"),
            "sizes": SIZES,
            "width": str(file.image_width),
            "height": str(file.image_height),
            "alt": alt,
            "loading": "lazy",
            "decoding": "async",
            "data-file": str(file.pk),  # a copy of the page keeps its pictures
        }
    )
    if srcset := file.build_srcset("avif"):
        picture = _wrap(image, E.picture())
        picture.insert(0, E.source(type="image/avif", srcset=srcset, sizes=SIZES))
    figure = next(image.iterancestors("figure"), None)
    if figure is not None:
        _fill_caption(figure, remove_unprintable(file.caption), remove_unprintable(file.copyright))


def _fill_caption(figure, text, credit):
    """Add the credit to the caption of a figure, and the text if it has no caption."""
    caption = figure.find("figcaption")
    if caption is None and (text or credit):
        caption = E.figcaption()
        figure.append(caption)
    if text and not caption.text_content().strip():
        caption.text = text
    if credit:
        credit = _("Credit: %(credit)s") % {"credit": credit}
        _add_blank(caption)
        caption.append(E.span(credit, {"class": "credit"}))


def _add_blank(caption):
    """End what a caption says so far with a blank, for those who copy the text."""
    if len(caption):
        caption[-1].tail = f"{(caption[-1].tail or '').rstrip()} "
    elif caption.text:
        caption.text = f"{caption.text.rstrip()} "


def _wrap(element, box):
    """Put a box into the place of an element, and the element into the box. Return the box."""
    element.addprevious(box)
    box.tail, element.tail = element.tail, None
    box.append(element)
    return box


def _link_notes_back(root):
    """Link each footnote to the first place that refers to it."""
    for note in root.xpath(".//li[starts-with(@id, 'note-')]"):
        references = root.xpath(".//a[@href = $target]", target=f"#{note.get('id')}")
        if references:
            anchor = f"{note.get('id')}-from"
            references[0].set("id", anchor)
            last = note.xpath("p[last()]") or [note]
            last[0].append(E.a("↩", {"href": f"#{anchor}", "aria-label": _("Back to the text")}))


def _mark_related_links(root):
    """Mark each paragraph that consists of one link to an article of this site."""
    prefix = build_path("articles:detail", "")[:-1]
    for paragraph in root.xpath(".//p[count(*)=1][a]"):
        link = paragraph[0]
        is_alone = not (paragraph.text or "").strip() and not (link.tail or "").strip()
        if is_alone and link.get("href", "").removeprefix(settings.SITE_URL).startswith(prefix):
            paragraph.set("class", "related-link")
