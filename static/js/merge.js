// Makes the comments of this page what the server shows now. Open forms, folded branches, the focus
// and the comments that only their writer sees stay.

import { buildAddress, reportChange, showCount, thread } from "./page.js";
import { request } from "./request.js";

const COMMENT = ":scope > .comment";
const BRANCH = ":scope > .branch";
const REST = ":scope > .branch__rest";
const LISTS = [".thread__list:not(.posted)", ".single__replies > .branch__list"];
// What replies, votes and edits change of a comment.
const PARTS = [".comment__body", ".comment__code", ".comment__score", ".comment__answers"];
PARTS.push(".comment__edited", ".comment__rank", ".comment__notice", ".comment__reply");

const readId = (item) => item.querySelector(".comment")?.id;
const readPart = (comment, part) => comment.querySelector(part)?.textContent;

// What stands in the body is compared as HTML: a number may have become a link.
const isSame = (old, fresh) =>
  PARTS.every((part) => readPart(old, part) === readPart(fresh, part)) &&
  readBody(old) === readBody(fresh);
const readBody = (comment) => comment.querySelector(".comment__body")?.innerHTML;

// The element that had the focus is replaced by the one of the same class.
const replaceComment = (old, fresh) => {
  if (isSame(old, fresh)) return;
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  old.replaceWith(fresh);
  const [name] = focused?.classList ?? [];
  if (name) fresh.querySelector(`.${name}`)?.focus({ preventScroll: true });
};

const mergeBranch = (item, branch, added) => {
  const old = item.querySelector(BRANCH);
  if (!branch) {
    if (!old?.querySelector("form")) old?.remove();
  } else if (old) {
    const [toggle, fresh] = [old, branch].map((each) => each.querySelector(".branch__toggle"));
    if (toggle.textContent !== fresh.textContent) toggle.replaceChildren(...fresh.childNodes);
    mergeList(old.querySelector(".branch__list"), branch.querySelector(".branch__list"), added);
  } else {
    added.push(...branch.querySelectorAll(".comment"));
    item.insertBefore(branch, item.querySelector(":scope > .branch__rest, :scope > .posted"));
  }
};

const mergeItem = (item, fresh, added) => {
  replaceComment(item.querySelector(COMMENT), fresh.querySelector(COMMENT));
  mergeBranch(item, fresh.querySelector(BRANCH), added);
  const [old, rest] = [item, fresh].map((each) => each.querySelector(REST));
  if (old && rest) old.replaceWith(rest);
  else if (rest) item.insertBefore(rest, item.querySelector(":scope > .posted"));
  else old?.remove();
};

// What is gone goes first, so that what stays need not move. A form that is open keeps its place.
const mergeList = (list, fresh, added) => {
  const items = [...fresh.children];
  const ids = new Set(items.map(readId));
  const known = new Map();
  for (const item of [...list.children]) {
    if (ids.has(readId(item))) known.set(readId(item), item);
    else if (!item.querySelector("form")) item.remove();
  }
  let place = list.firstElementChild;
  for (const item of items) {
    const old = known.get(readId(item));
    const kept = old ?? item;
    if (kept === place) place = place.nextElementSibling;
    else list.insertBefore(kept, place);
    if (old) mergeItem(old, item, added);
    else added.push(...item.querySelectorAll(".comment"));
  }
};

// A tree that was opened in place is longer than the page has it.
const lengthenTrees = async (list, fresh) => {
  for (const item of fresh.querySelectorAll(".thread__root")) {
    const link = item.querySelector(`${REST} > [data-inline]`);
    const old = link && list.querySelector(`#${readId(item)}`)?.parentElement;
    const count = old?.querySelectorAll(".comment").length;
    if (!old || count <= item.querySelectorAll(".comment").length) continue;
    const path = link.dataset.inline.split("?")[0];
    const { ok, text, isPage } = await request(`${path}?upto=${count + 1}`);
    if (ok && !isPage) item.outerHTML = text;
  }
};

// The parts of the thread around its comments, as after its first comment. What has a state of its
// own stays: forms, templates, live regions, and whatever says `data-kept`.
const KEPT = "form, template, [role=status], #write, .thread__news, .posted, [data-kept]";

const replaceFrame = (fresh) => {
  for (const old of [...thread.children]) if (!old.matches(KEPT)) old.remove();
  let place = thread.firstElementChild;
  for (const part of [...fresh.children]) {
    const old = part.id && thread.querySelector(`:scope > #${part.id}`);
    if (old && part.matches(KEPT)) place = old.nextElementSibling;
    else if (part.id || !part.matches(KEPT)) thread.insertBefore(part, place);
  }
};

// What stands around the list and changes with it: its best comments, the lifted ones, the pages.
const mergeNeighbours = (list, fresh) => {
  for (const [name, place, side] of [
    [".best", thread.querySelector(":scope > .thread__head"), "after"],
    [".lifted", list, "before"],
    [".pagination", list, "after"],
  ]) {
    const find = (part) => [...part.querySelectorAll(`:scope > ${name}`)];
    const [old, parts] = [find(thread), find(fresh)];
    const [before, after] = [old, parts].map((each) => each.map((part) => part.outerHTML).join());
    if (before === after) continue;
    for (const part of old) part.remove();
    place[side](...parts);
  }
};

const findList = (place) => LISTS.map((name) => place.querySelector(name)).find(Boolean);

// What only the writer saw is in the list by now.
const dropPosted = (fresh) => {
  for (const posted of thread.querySelectorAll(".posted")) {
    if (fresh.querySelector(`#${readId(posted)}`)) posted.remove();
  }
};

const keepFocus = async (act) => {
  const { activeElement: focused } = document;
  const { selectionStart: start, selectionEnd: end } = focused;
  const result = await act();
  if (focused.isConnected && document.activeElement === document.body) {
    focused.focus({ preventScroll: true });
    if (start !== undefined && start !== null) focused.setSelectionRange(start, end);
  }
  return result;
};

const isThread = () => thread.matches("#comments");

const requestFresh = async () => {
  const path = isThread() ? `${buildAddress("page")}${location.search}` : location.href;
  const { ok, text, isPage } = await request(path, { cache: "no-store" });
  if (!ok || isPage === isThread()) return null;
  return new DOMParser().parseFromString(text, "text/html").querySelector("[data-thread]");
};

// Return the added comments; undefined without an answer.
export const mergeFreshPage = async () => {
  const fresh = await requestFresh();
  if (!fresh) return undefined;
  const [list, freshList] = [findList(thread), findList(fresh)];
  if (fresh.dataset.last) thread.dataset.last = fresh.dataset.last;
  const { count } = fresh.querySelector(".thread__title > [data-count]")?.dataset ?? {};
  if (list && freshList) await lengthenTrees(list, freshList);
  dropPosted(fresh);
  const added = [];
  await keepFocus(() => {
    if (list && freshList) {
      mergeList(list, freshList, added);
      if (isThread()) mergeNeighbours(list, fresh);
    } else if (isThread()) {
      added.push(...(freshList?.querySelectorAll(".comment") ?? []));
      replaceFrame(fresh);
    }
  });
  if (count !== undefined) showCount(Number(count));
  reportChange(findList(thread) ?? thread);
  return added;
};
