// A selected text of a comment can be quoted in a reply: a button below the selection opens the
// form with it, and so does the comment's own button while the text is selected.

import { findComment, readWord } from "./page.js";

const button = document.createElement("button");
button.type = "button";
button.className = "quote-button";
let [chosen, text] = [null, ""];

const readSelection = () => {
  const selection = getSelection();
  const body = selection.anchorNode?.parentElement?.closest(".comment__body");
  const isWhole = body && selection.focusNode?.parentElement?.closest(".comment__body") === body;
  const quoted = isWhole ? selection.toString().trim() : "";
  return [quoted ? findComment(body) : null, quoted];
};

const placeButton = () => {
  if (button.contains(document.activeElement)) return;
  [chosen, text] = readSelection();
  if (!chosen?.querySelector(".comment__reply")) return button.remove();
  const { bottom, left } = getSelection().getRangeAt(0).getBoundingClientRect();
  button.textContent = readWord("quote");
  document.body.append(button);
  const most = document.documentElement.clientWidth - button.offsetWidth - 8;
  button.style.insetBlockStart = `${bottom + scrollY + 8}px`;
  button.style.insetInlineStart = `${Math.max(8, Math.min(left, most))}px`;
};

let timer = 0;
document.addEventListener("selectionchange", () => {
  clearTimeout(timer);
  timer = setTimeout(placeButton, 200);
});

// A press on it would end the selection.
button.addEventListener("pointerdown", (event) => event.preventDefault());

button.addEventListener("click", () => {
  const comment = chosen;
  button.remove();
  comment.querySelector(".comment__reply").click();
});

// Put the selected text of a comment into the field of a reply to it.
export const quoteInto = (field, comment) => {
  if (comment !== chosen || !text) return;
  const lines = text.split("\n").map((line) => `> ${line}`.trimEnd());
  const before = field.value && `${field.value.trimEnd()}\n\n`;
  field.value = `${before}${lines.join("\n")}\n`;
  [chosen, text] = [null, ""];
  getSelection().removeAllRanges();
  field.dispatchEvent(new Event("input", { bubbles: true }));
};
