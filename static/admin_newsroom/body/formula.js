// Formulas in MathML: shown, kept and deleted as one piece; they come from pastes and imported texts.

import { Node } from "django-prose-editor/editor"

const MATHML = "http://www.w3.org/1998/Math/MathML"
const TEXTS = new Set("mi mn mo mtext ms annotation".split(" "))
const ELEMENTS = new Set(
  ("math mrow mfrac msqrt mroot mstyle merror mpadded mphantom mspace msub msup msubsup munder mover" +
    " munderover mmultiscripts mprescripts none mtable mtr mtd semantics").split(" "),
)
const ATTRIBUTES = new Set(
  ("alttext dir display displaystyle mathvariant form fence separator stretchy symmetric largeop" +
    " movablelimits accent accentunder encoding columnspan rowspan scriptlevel lspace rspace minsize" +
    " maxsize width height depth voffset linethickness").split(" "),
)

// Returns a copy of a formula that holds only what the server keeps (articles/body/formulas.py).
export const copyFormula = (element) => {
  const copy = document.createElementNS(MATHML, element.localName)
  for (const { name, value } of element.attributes) {
    if (ATTRIBUTES.has(name)) copy.setAttribute(name, value)
  }
  if (TEXTS.has(element.localName)) copy.textContent = element.textContent
  else {
    for (const child of element.children) {
      const isKept = child.namespaceURI === MATHML && (ELEMENTS.has(child.localName) || TEXTS.has(child.localName))
      if (isKept) copy.append(copyFormula(child))
    }
  }
  return copy
}

const parse = (html) => {
  const { body } = new DOMParser().parseFromString(html, "text/html")
  return body.querySelector("math") || document.createElementNS(MATHML, "math")
}

export const Formula = Node.create({
  name: "formula",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes: () => ({
    html: { default: "", parseHTML: (element) => copyFormula(element).outerHTML, renderHTML: () => ({}) },
  }),
  parseHTML: () => [{ tag: "math" }],
  renderHTML: ({ node }) => copyFormula(parse(node.attrs.html)),
  renderText: ({ node }) => parse(node.attrs.html).textContent,
})
