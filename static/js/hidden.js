// What the reader hides in this browser: the IDs of this thread, and words in all threads. A hidden
// comment goes with its replies; a row says what is hidden, and neighbours share one.

import { findByPk, findNumber, readPk, readWord, thread, watchChanges } from "./page.js";
import { loadItem, saveItem } from "./storage.js";

const WORDS = "hidden-words";
const ROW = "hidden-row";

const key = `hidden:${thread.dataset.thread}`;
const codes = new Set(loadItem(key).split(" ").filter(Boolean));
const words = new Set(loadItem(WORDS).split("\n").filter(Boolean));
const shown = new Set(); // the keys of those that the reader opened in this page

export const readCode = (comment) =>
  /ID:(\S+)/.exec(comment.querySelector(".comment__code")?.textContent)?.[1];

export const isHidden = (code) => codes.has(code);

const fold = (text) => text.normalize("NFKC").toLowerCase();

const findWord = (comment) => {
  const text = words.size ? fold(comment.querySelector(".comment__body, .best__text")?.textContent ?? "") : "";
  return [...words].find((word) => text.includes(fold(word)));
};

// Why a comment is hidden: a sentence with a gap for the number, or nothing.
const findReason = (comment) => {
  if (shown.has(readPk(comment)) || comment.querySelector(".comment__mine")) return "";
  if (codes.has(readCode(comment))) return readWord("hiddenId");
  const word = findWord(comment);
  return word ? readWord("hiddenWord").replace("{w}", () => word) : "";
};

const buildRow = (items, reasons) => {
  const row = document.createElement("li");
  row.className = items[0].matches(".thread__root") ? `${ROW} thread__root` : ROW;
  const first = items[0].querySelector(".comment");
  const count = items.reduce((sum, item) => sum + item.querySelectorAll(".comment").length, 0);
  const text = document.createElement("p");
  const reason = new Set(reasons).size === 1 ? reasons[0] : readWord("hiddenBoth");
  const replies = count - items.length;
  text.append(findNumber(first).cloneNode(true), ` ${reason.replace("{n}", items.length)}`);
  if (replies) text.append(readWord("hiddenReplies", replies));
  const button = document.createElement("button");
  button.type = "button";
  button.className = `${ROW}__show`;
  button.textContent = readWord("show");
  row.append(text, button);
  return row;
};

const hideRuns = (list) => {
  let run = [];
  let reasons = [];
  const close = () => {
    if (run.length) run[0].before(buildRow(run, reasons));
    [run, reasons] = [[], []];
  };
  for (const item of [...list.children]) {
    const comment = item.querySelector(":scope > .comment");
    const reason = comment && findReason(comment);
    if (reason) {
      item.hidden = true;
      item.dataset.why = "";
      run.push(item);
      reasons.push(reason);
    } else close();
  }
  close();
};

// The best comments, at the head of the thread and beside the text, may be on another page of it.
const isHiddenVoice = (voice) => {
  const comment = findByPk(voice.dataset.voice);
  return comment
    ? comment.closest("[data-why]")
    : codes.has(voice.dataset.code) || findWord(voice);
};

const markVoices = () => {
  for (const voice of document.querySelectorAll("[data-voice]")) {
    voice.hidden = isHiddenVoice(voice);
  }
};

const markComments = () => {
  for (const row of thread.querySelectorAll(`.${ROW}`)) row.remove();
  for (const item of thread.querySelectorAll("[data-why]")) {
    item.hidden = false;
    delete item.dataset.why;
  }
  if (!codes.size && !words.size) return;
  for (const list of thread.querySelectorAll(".thread__list, .branch__list")) {
    if (!list.closest("[data-why]")) hideRuns(list);
  }
};

const markHidden = () => {
  markComments();
  markVoices();
};

// The button that shows a hidden comment again, or nothing.
export const findShow = (comment) => {
  let row = comment.closest("[data-why]");
  while (row && !row.matches(`.${ROW}`)) row = row.previousElementSibling;
  return row?.querySelector("button");
};

export const toggleCode = (code) => {
  if (!codes.delete(code)) codes.add(code);
  saveItem(key, [...codes].join(" "));
  shown.clear();
  markHidden();
};

document.addEventListener("click", ({ target }) => {
  if (!target.matches(`.${ROW}__show`)) return;
  let item = target.parentElement.nextElementSibling;
  const first = item.querySelector(".comment");
  for (; item?.matches("[data-why]"); item = item.nextElementSibling) {
    shown.add(readPk(item.querySelector(".comment")));
  }
  markHidden();
  findNumber(first).focus();
});

// The words, in the panel of the thread, which comes with the first comment.
const findPanel = () => thread.querySelector("[data-words]");

const buildWord = (word) => {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "reading__word";
  button.textContent = word;
  button.setAttribute("aria-label", readWord("unhideWord").replace("{w}", () => word));
  item.append(button);
  return item;
};

const showPanel = () => {
  const panel = findPanel();
  if (!panel) return;
  panel.hidden = false;
  panel.querySelector("ul").replaceChildren(...[...words].map(buildWord));
};

const saveWords = () => {
  saveItem(WORDS, [...words].join("\n"));
  shown.clear();
  showPanel();
  markHidden();
};

document.addEventListener("submit", (event) => {
  if (event.target !== findPanel()) return;
  event.preventDefault();
  const { word } = event.target.elements;
  const typed = word.value.trim();
  if (typed) words.add(typed);
  word.value = "";
  saveWords();
});

document.addEventListener("click", ({ target }) => {
  if (!target.matches(".reading__word")) return;
  words.delete(target.textContent);
  saveWords();
  findPanel().elements.word.focus();
});

showPanel();
watchChanges(showPanel);
if (codes.size || words.size) markHidden();
watchChanges(markHidden);
