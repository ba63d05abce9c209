"""The emphasis that style attributes give to texts, and texts that they hide.

``static/admin_newsroom/body/styles.js`` holds the same rules for pastes into the editor.
"""

import re
from dataclasses import dataclass, replace

TAGS = {
    **dict.fromkeys(("b", "strong"), "strong"),
    **dict.fromkeys(("i", "em", "dfn", "var"), "em"),
    **dict.fromkeys(("s", "strike", "del"), "s"),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), "code"),
    **{tag: tag for tag in ("cite", "sub", "sup")},
}
ORDER = ("cite", "strong", "em", "s", "sub", "sup", "code")  # from the outside
HIDDEN_CLASSES = {"screen-reader-text", "sr-only", "visually-hidden", "mw-editsection"}
BOLD_ALREADY = {"h1", "h2", "h3", "h4", "h5", "h6", "th"}
UNMARKED = {"pre", "rt", "rp", "math"}  # elements whose texts stay as they are
BOLD = re.compile(r"bold|bolder|[6-9]\d\d|1000")
THIN = re.compile(r"normal|lighter|[1-5]\d\d")


@dataclass(frozen=True, slots=True)
class State:
    """What holds for a text: its marks, and whether it is seen."""

    marks: frozenset = frozenset()
    is_plain: bool = False
    is_unseen: bool = False


def resolve_styles(root):
    """Turn emphasis by style attributes into elements, and remove hidden elements.

    Other names of an element become the one that articles have: ``b`` becomes ``strong``.
    """
    for element in root.xpath(".//*[@style or @hidden or @class]"):
        if _is_hidden(element) and element.getparent() is not None:
            element.drop_tree()
    if root.xpath(".//@style[contains(., ':')]"):
        slots = []
        _collect_texts(root, State(), slots)
        for element in root.xpath(".//*[not(ancestor-or-self::pre)]"):
            if element.tag in TAGS or element.tag == "span":
                element.set("data-drop", "")
        for element, is_tail, state in slots:
            _mark_text(element, is_tail, state)
        for element in root.xpath(".//*[@data-drop]"):
            element.drop_tag()
    for element in root.iter(*TAGS):
        element.tag = TAGS[element.tag]


def _read_style(element):
    pairs = (part.partition(":") for part in element.get("style", "").lower().split(";"))
    return {
        name.strip(): value.replace("!important", "").strip()
        for name, colon, value in pairs
        if colon
    }


def _is_hidden(element):
    style = _read_style(element)
    return (
        element.get("hidden") is not None
        or style.get("display") == "none"
        or style.get("mso-hide") == "all"
        or style.get("font-size") in {"0", "0px"}
        or style.get("opacity") == "0"
        or not HIDDEN_CLASSES.isdisjoint(element.get("class", "").split())
    )


def _collect_texts(element, state, slots):
    """Add (element, is_tail, state) of each text below an element to ``slots``."""
    if element.text:
        slots.append((element, False, state))
    for child in element:
        if isinstance(child.tag, str) and child.tag not in UNMARKED:
            _collect_texts(child, _read_state(child, state), slots)
        if child.tail:
            slots.append((child, True, state))


def _read_state(element, above):
    style = _read_style(element)
    marks = set(above.marks)
    if element.tag in TAGS:
        marks.add(TAGS[element.tag])

    def set_mark(mark, value):
        if value is not None:
            (marks.add if value else marks.discard)(mark)

    set_mark("strong", _read_weight(style))
    set_mark("em", _read_slant(style))
    if "line-through" in style.get("text-decoration", "") + style.get("text-decoration-line", ""):
        marks.add("s")
    if element.tag not in {"td", "th", "tr"} and (place := style.get("vertical-align")):
        set_mark("sup", place == "super")
        set_mark("sub", place == "sub")
    is_plain = above.is_plain or element.tag in BOLD_ALREADY
    if is_plain:
        marks.discard("strong")
    visibility = style.get("visibility")
    is_unseen = visibility in {"hidden", "collapse"} if visibility else above.is_unseen
    return replace(above, marks=frozenset(marks), is_plain=is_plain, is_unseen=is_unseen)


def _read_weight(style):
    font = re.search(r"\b(?:bold|[6-9]00)\b", style.get("font", ""))
    value = style.get("font-weight") or (font.group() if font else "")
    return True if BOLD.fullmatch(value) else False if THIN.fullmatch(value) else None


def _read_slant(style):
    font = re.search(r"\b(?:italic|oblique)\b", style.get("font", ""))
    value = style.get("font-style") or (font.group() if font else "")
    return True if value.startswith(("italic", "oblique")) else False if value == "normal" else None


def _mark_text(element, is_tail, state):
    text = element.tail if is_tail else element.text
    if state.is_unseen:
        text = ""
    marks = [mark for mark in ORDER if mark in state.marks] if text.strip() else []
    if not marks:
        if is_tail:
            element.tail = text
        else:
            element.text = text
        return
    boxes = [element.makeelement(mark) for mark in marks]
    for outer, inner in zip(boxes, boxes[1:], strict=False):
        outer.append(inner)
    boxes[-1].text = text
    if is_tail:
        element.tail = None
        element.addnext(boxes[0])
    else:
        element.text = None
        element.insert(0, boxes[0])
