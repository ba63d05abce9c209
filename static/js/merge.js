// Puts the comments that only a fresh copy of the page has into their places in this one.

import { readCount, reportChange, showCount, thread } from "./page.js";
import { request } from "./request.js";

const readId = (item) => item?.querySelector(".comment").id;
const findItem = (id) => id && document.getElementById(id).parentElement;

const mergeComments = (fresh) => {
  for (const posted of thread.querySelectorAll(".posted")) {
    if (fresh.getElementById(posted.querySelector(".comment").id)) posted.remove();
  }
  const items = [...fresh.querySelectorAll(".thread__list li")].map((item) => {
    const above = item.parentElement.closest("li");
    return [item, readId(item), above, readId(item.previousElementSibling)];
  });
  const added = [];
  for (const [item, id, above, previous] of items) {
    const toggle = item.querySelector(":scope > .branch > .branch__toggle");
    if (document.getElementById(id)) {
      const old = findItem(id).querySelector(":scope > .branch > .branch__toggle");
      if (toggle && old && toggle !== old) old.replaceChildren(...toggle.childNodes);
      continue;
    }
    added.push(id);
    const place = above ? findItem(readId(above)) : thread;
    const list = place.querySelector(":scope > .thread__list, :scope > .branch > .branch__list");
    if (previous) findItem(previous).after(item);
    else if (list) list.prepend(item);
    else place.append(item.closest("details"));
  }
  return added.map((id) => document.getElementById(id));
};

// Return the added comments; null if only the fresh page has a list, undefined without an answer.
// `note` is called with each of them before the others hear of the change.
export const mergeFreshPage = async (note = () => {}) => {
  const { ok, text } = await request(location.href, { cache: "no-cache" });
  if (!ok) return undefined;
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const list = thread.querySelector(".thread__list:not(.posted)");
  if (!list) return fresh.querySelector(".thread__list") ? null : [];
  const added = mergeComments(fresh);
  added.forEach(note);
  const count = Number(fresh.querySelector("[data-count]").dataset.count);
  if (count !== readCount()) showCount(count);
  if (added.length) reportChange(list);
  return added;
};
