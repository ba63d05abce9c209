// The page of the reader's own comments: an answer is read once it was on the screen.

import { watchAnswers } from "./answers.js";

const list = document.querySelector("[data-seen]");

if (list) {
  const watch = watchAnswers(() => list.dataset.seen);
  for (const answer of list.querySelectorAll("[data-answer]")) watch.observe(answer);
}
