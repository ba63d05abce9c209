// What a style attribute says about a text. The attribute is read as text: the CSP of the site
// keeps the browser from applying it. articles/body/inline_styles.py holds the same rules.

const TAGS = {
  b: "strong", strong: "strong", i: "em", em: "em", dfn: "em", var: "em", s: "s", strike: "s",
  del: "s", sub: "sub", sup: "sup", code: "code", kbd: "code", samp: "code", tt: "code",
  cite: "cite",
}
const HIDDEN_CLASS = /(?:^|\s)(?:screen-reader-text|sr-only|visually-hidden|mw-editsection)(?:\s|$)/
const BOLD_ALREADY = /^(?:h[1-6]|th)$/

const readStyle = (element) => {
  const style = {}
  for (const part of (element.getAttribute("data-style") || "").split(";")) {
    const colon = part.indexOf(":")
    const name = part.slice(0, Math.max(colon, 0)).trim().toLowerCase()
    if (name) style[name] = part.slice(colon + 1).replace(/!\s*important/i, "").trim().toLowerCase()
  }
  return style
}

const readWeight = (style) => {
  const value = style["font-weight"] || /\b(?:bold|[6-9]00)\b/.exec(style.font || "")?.[0]
  if (/^(?:bold|bolder|[6-9]\d\d|1000)$/.test(value)) return true
  return /^(?:normal|lighter|[1-5]\d\d)$/.test(value) ? false : undefined
}

const readSlant = (style) => {
  const value = style["font-style"] || /\b(?:italic|oblique)\b/.exec(style.font || "")?.[0]
  if (/^(?:italic|oblique)/.test(value)) return true
  return value === "normal" ? false : undefined
}

export const isHidden = (element) => {
  const style = readStyle(element)
  return (
    element.hidden || style.display === "none" || style["mso-hide"] === "all" ||
    style["font-size"] === "0" || style["font-size"] === "0px" || style.opacity === "0" ||
    HIDDEN_CLASS.test(element.getAttribute("class") || "")
  )
}

// Returns the state of the texts in an element: its marks, whether it is seen, its white space.
export const readState = (element, above) => {
  const marks = new Set(above.marks)
  const tag = element.localName
  const style = readStyle(element)
  const set = (mark, value) => value !== undefined && (value ? marks.add(mark) : marks.delete(mark))
  if (TAGS[tag]) marks.add(TAGS[tag])
  set("strong", readWeight(style))
  set("em", readSlant(style))
  const decoration = `${style["text-decoration"] || ""} ${style["text-decoration-line"] || ""}`
  set("s", decoration.includes("line-through") || undefined)
  if (!/^t[dhr]$/.test(tag) && style["vertical-align"]) {
    set("sup", style["vertical-align"] === "super")
    set("sub", style["vertical-align"] === "sub")
  }
  const isPlain = above.isPlain || BOLD_ALREADY.test(tag)
  if (isPlain) marks.delete("strong")
  const visibility = style.visibility && !/^(?:visible|inherit)$/.test(style.visibility)
  const space = style["white-space"]
  return {
    ...above,
    marks,
    isPlain,
    isUnseen: style.visibility ? Boolean(visibility) : above.isUnseen,
    isPreserved: space ? /^(?:pre|break-spaces)/.test(space) : above.isPreserved,
  }
}

export const listStyle = readStyle
