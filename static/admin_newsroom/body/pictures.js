// Pictures and players of pasted HTML.

import { cleanAddress } from "newsroom/body/addresses"
import { create } from "newsroom/body/flow"

const SMILEYS = /(?:^|\s)(?:wp-smiley|emoji)(?:\s|$)/
const PLAYERS = [
  [/^(?:www\.)?youtube(?:-nocookie)?\.com$/, /^\/embed\/([\w-]+)/, "https://www.youtube.com/watch?v="],
  [/^player\.vimeo\.com$/, /^\/video\/(\d+)/, "https://vimeo.com/"],
  [/^embed\.nicovideo\.jp$/, /^\/watch\/(\w+)/, "https://www.nicovideo.jp/watch/"],
]

// Whether an address is of this site's library: an id of another site means another picture.
export const isOwn = (address, media = "") => {
  if (!address) return true
  try {
    const url = new URL(address, document.baseURI)
    return url.origin === location.origin || (media !== "" && url.href.startsWith(media))
  } catch {
    return false
  }
}

// Whether saving would leave a picture out unless the library takes it.
export const isElsewhere = ({ file, src }) => !file && Boolean(src) && !src.startsWith("upload:")

export const isSmiley = (image) => SMILEYS.test(image.getAttribute("class") || "")

const isPixel = (image) =>
  ["width", "height"].every((name) => /^[01](?:px)?$/.test(image.getAttribute(name) || ""))

export const readPicture = (image, media) => {
  const lazy = image.getAttribute("data-src") || image.getAttribute("data-lazy-src")
  const src = image.getAttribute("src") || ""
  const address = /^data:image\/(?:gif|svg)/.test(src) && lazy ? lazy : src || lazy || ""
  const file = image.getAttribute("data-file")
  const isOfLibrary = /^\d{1,18}$/.test(file || "") && isOwn(address, media)
  if (isPixel(image) || (!address && !isOfLibrary)) return null
  return create("img", {
    src: address.startsWith("//") ? `https:${address}` : address,
    alt: (image.getAttribute("alt") || "").replace(/\s+/g, " ").trim(),
    "data-file": isOfLibrary ? file : "",
  })
}

// Returns the address of the page that shows what a player plays.
export const readPlayer = (element) => {
  const parts = [element, ...element.querySelectorAll("source, embed")]
  const names = ["src", "data", "data-src"]
  const addresses = parts.flatMap((part) => names.map((name) => part.getAttribute(name) || ""))
  const address = addresses.map(cleanAddress).find((each) => /^https?:/.test(each))
  if (!address) return ""
  const url = new URL(address)
  for (const [host, path, page] of PLAYERS) {
    const name = host.test(url.hostname) && path.exec(url.pathname)
    if (name) return page + name[1]
  }
  return address
}
