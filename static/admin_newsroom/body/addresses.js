// The addresses of pasted links: wrappers of other services are taken off, tracking is removed.
// articles/body/link_targets.py holds the same rules for the server.

const WRAPPERS = [
  [/^(?:www\.)?google\.[a-z]{2,3}(?:\.[a-z]{2})?$/, /^\/url$/, ["q", "url"]],
  [/^l[m]?\.(?:facebook|instagram)\.com$/, /./, ["u"]],
  [/\.safelinks\.protection\.outlook\.com$/, /./, ["url"]],
  [/^(?:www\.)?youtube\.com$/, /^\/redirect$/, ["q"]],
  [/^(?:www\.)?linkedin\.com$/, /^\/redir\//, ["url"]],
  [/^out\.reddit\.com$/, /./, ["url"]],
  [/^slack-redir\.net$/, /./, ["url"]],
  [/^t\.umblr\.com$/, /^\/redirect$/, ["z"]],
  [/^(?:www\.)?duckduckgo\.com$/, /^\/l\/$/, ["uddg"]],
  [/^away\.vk\.com$/, /./, ["to"]],
]
const TRACKING = new RegExp(
  "^(?:utm_\\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh" +
    "|mc_cid|mc_eid|mkt_tok|_hsenc|_hsmi|vero_id|oly_anon_id|oly_enc_id|wickedid|_openstat" +
    "|srsltid|li_fat_id|ref_src|ref_url|__twitter_impression|guccounter|guce_referrer\\w*)(?:=|$)",
  "i",
)
const DEEPEST = 5

const parse = (address) => {
  try {
    return new URL(address)
  } catch {
    return null
  }
}

const findWrapped = (address) => {
  const url = parse(address)
  if (!url || !/^https?:$/.test(url.protocol)) return null
  const rule = WRAPPERS.find(([host, path]) => host.test(url.hostname) && path.test(url.pathname))
  const targets = rule ? rule[2].map((name) => url.searchParams.get(name)) : []
  return targets.find((target) => /^(?:https?:\/\/|mailto:)/i.test(target || "")) || null
}

const removeTracking = (address) => {
  const [, path, query, fragment] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(address)
  const keep = (part) => !TRACKING.test(part)
  const kept = (query || "").slice(1).split("&").filter(keep).join("&")
  return path + (kept && `?${kept}`) + (keep((fragment || "").slice(1)) ? fragment || "" : "")
}

// Returns the address that a link means, or an empty string for one that no article may have.
export const cleanAddress = (address) => {
  let target = (address || "").trim()
  if (target.startsWith("//")) target = `https:${target}`
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    const wrapped = findWrapped(target)
    if (!wrapped) break
    target = wrapped.trim()
  }
  if (/^[/?]/.test(target)) return target
  return /^https?:\/\//i.test(target) ? removeTracking(target) : /^(?:mailto|tel):/i.test(target) ? target : ""
}
