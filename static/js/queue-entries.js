// The open entry of the queue: the next one is fetched ahead.

import { claimEntry } from "./claims.js";
import {
  announce,
  findCase,
  findKey,
  findNeighbour,
  listRows,
  markRow,
  parse,
  place,
  sending,
  showPosition,
  words,
} from "./queue-rows.js";
import { request } from "./request.js";

const cases = new Map(); // entries by key: elements, or promises of them

export const keepCase = (key, shown) => cases.set(key, shown);
export const dropCase = (key) => cases.delete(key);

// The entry; null after any other answer, undefined if none came.
export const fetchCase = async (key) => {
  const { search } = new URL(place.dataset.list, location);
  const { ok, status, text, isPage } = await request(
    `${place.dataset.entry.replace("/0/", `/${key}/`)}${search}`,
  );
  if (!status) return undefined;
  return ok && !isPage ? parse(text).querySelector(".case") : null;
};

// What failed is asked for again the next time.
const loadCase = async (key) => {
  const asked = cases.get(key) ?? fetchCase(key);
  cases.set(key, asked);
  const shown = await asked;
  if (!shown && cases.get(key) === asked) cases.delete(key);
  return shown;
};

const fetchAhead = () => {
  const next = findNeighbour();
  if (next) loadCase(next.dataset.key);
};

const buildEmpty = () => {
  const empty = document.createElement("p");
  empty.className = "queue__empty";
  empty.id = "case";
  empty.tabIndex = -1;
  empty.textContent = words.done;
  const notice = document.createElement("div");
  notice.dataset.notice = "";
  return [empty, notice];
};

const buildAddress = (key) => {
  const query = new URLSearchParams(location.search);
  query.delete("view");
  if (key) query.set("entry", key);
  else query.delete("entry");
  return `${location.pathname}?${query}`;
};

// Without a connection the open entry stays, with what was typed there, and so does the list.
export const showCase = async (key, { leavesList = false } = {}) => {
  const shown = key ? await loadCase(key) : null;
  if (shown === undefined) return announce(words.offline);
  if (key && !shown) return location.assign(`${location.pathname}?entry=${key}`);
  if (leavesList) place.classList.remove("queue--list");
  place.querySelector(".queue__case").replaceChildren(...(shown ? [shown] : buildEmpty()));
  if (!place.classList.contains("queue--list")) scrollTo(0, 0);
  markRow(key);
  showPosition();
  findCase().focus({ preventScroll: true });
  history.replaceState(history.state, "", buildAddress(key));
  claimEntry(findCase(), listRows());
  fetchAhead();
};

export const step = async (direction = 1) => {
  const next = findNeighbour(direction);
  await showCase(next ? next.dataset.key : sending.has(findKey()) ? "" : findKey());
};

// The entry that came with the page; one that the address names has the focus.
export const startCase = () => {
  if (findKey()) {
    cases.set(findKey(), findCase());
    markRow(findKey());
  }
  const isNamed = new URLSearchParams(location.search).has("entry");
  if (isNamed && document.activeElement === document.body) {
    findCase().focus({ preventScroll: true });
  }
  claimEntry(findCase(), listRows());
  fetchAhead();
};
