// Which comments of the thread this browser has had on its screen, by number. All up to a base are
// seen: those of the first visit, whichever its screen showed. No clock takes part.

import { readCount, thread } from "./page.js";
import { loadItem, saveItem } from "./storage.js";

const MOST = 500; // numbers above the base

const key = `seen:${thread?.dataset.thread}`; // The page of a reply has the form alone.
const [first, ...rest] = loadItem(key).split(" ").filter(Boolean).map(Number);
const numbers = new Set(rest);
let base = first;

export const readNumber = (comment) => Number(comment.dataset.number);

export const isFirstVisit = () => base === undefined;

export const isSeen = (number) => isFirstVisit() || number <= base || numbers.has(number);

// The numbers up to ``last`` that were on no screen yet.
export const listUnseen = (last) => {
  if (isFirstVisit()) return [];
  const above = Array.from({ length: Math.max(0, last - base) }, (_each, index) => base + 1 + index);
  return above.filter((number) => !numbers.has(number));
};

const save = () => {
  while (numbers.delete(base + 1)) base += 1;
  const sorted = [...numbers].sort((one, other) => one - other);
  for (const number of sorted.slice(0, -MOST)) {
    numbers.delete(number);
    base = number;
  }
  saveItem(key, [base, ...numbers].join(" "));
};

// The comments of other pages count too.
export const endFirstVisit = () => {
  if (!isFirstVisit()) return;
  const shown = [...thread.querySelectorAll(".comment[data-number]")].map(readNumber);
  base = Math.max(readCount() || 0, ...shown);
  save();
};

export const noteSeen = (number) => {
  endFirstVisit();
  if (isSeen(number)) return;
  numbers.add(number);
  save();
};
