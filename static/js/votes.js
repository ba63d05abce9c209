// Voting in place: the answer of the server are the buttons with the new score.

import { commentOf, pkOf, say } from "./page.js";
import { voted } from "./mine.js";

const DOWN = ".comment__vote-button--down";

document.addEventListener("submit", async (event) => {
  const button = event.submitter;
  const place = button?.closest(".comment__vote");
  if (!place || !window.htmx) return;
  event.preventDefault();
  const isDown = button.matches(DOWN);
  const value = Number(button.value);
  const path = `${button.getAttribute("formaction")}inline/`;
  await htmx.ajax("POST", path, { source: place, target: place, values: { value } }).catch(() => {});
  const now = [...place.querySelectorAll("button")].find((other) => other.matches(DOWN) === isDown);
  now.focus();
  if (now === button || place.querySelector("[role=alert]")) return;
  voted(pkOf(commentOf(place)), value);
  document.querySelector(".single__vote")?.remove();
  say(now.ariaLabel);
});
