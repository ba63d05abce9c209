// Votes in place: the server answers with the buttons and the new score.

import { announce, findComment, readPk } from "./page.js";
import { rememberVote } from "./mine.js";
import { send } from "./send.js";

const DOWN = ".comment__vote-button--down";
const PAUSE = 500; // ms after an answer, in which a second tap means the first

const answeredAt = new WeakMap();

document.addEventListener("submit", async (event) => {
  const { target: form, submitter: button } = event;
  const place = button?.closest(".comment__vote");
  if (!place) return;
  event.preventDefault();
  if (event.timeStamp - answeredAt.get(place) < PAUSE) return;
  const isDown = button.matches(DOWN);
  const value = Number(button.value);
  const { ok, html } = await send(form, button, { place });
  if (!html) return;
  place.innerHTML = html;
  answeredAt.set(place, performance.now());
  const buttons = [...place.querySelectorAll("button")];
  const pressed = buttons.find((each) => each.matches(DOWN) === isDown);
  pressed.focus();
  if (!ok) return; // The buttons come with the reason.
  rememberVote(readPk(findComment(place)), value);
  document.querySelector(".single__vote")?.remove();
  announce(pressed.getAttribute("aria-label"));
});
