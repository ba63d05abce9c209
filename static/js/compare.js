// The comparison of two versions: from change to change with buttons and the keys j and k. A click
// at a version compares at once; the keyboard has the button.

import { isConverting } from "./conversion.js";

const TYPING = "input:not([type='radio']), textarea, select, [contenteditable]";
const STEPS = { j: 1, k: -1 };

const changes = [...document.querySelectorAll(".compare__change")];
const steps = document.querySelector(".compare__steps");
const place = document.querySelector(".compare__place");
const form = document.querySelector(".versions__form");

const findCurrent = () => changes.findIndex((change) => change.hasAttribute("aria-current"));

const mark = (index) => {
  for (const change of changes) change.removeAttribute("aria-current");
  changes[index].setAttribute("aria-current", "true");
  if (place) place.textContent = `${index + 1} / ${changes.length}`;
};

const goTo = (index) => {
  if (!changes[index]) return;
  mark(index);
  changes[index].scrollIntoView({ block: "center" });
  changes[index].focus({ preventScroll: true });
};

const move = (step) => {
  const current = findCurrent();
  goTo(current < 0 ? 0 : current + step);
};

steps?.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-step]");
  if (button) move(Number(button.dataset.step));
});

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || isConverting(event)) return;
  if (!(key in STEPS) || target.closest(TYPING)) return;
  move(STEPS[key]);
  event.preventDefault();
});

for (const [index, change] of changes.entries()) {
  change.addEventListener("focusin", () => mark(index));
}

// A click has a detail; an arrow key that moves in the group has none.
form?.addEventListener("click", ({ target, detail }) => {
  if (detail && target.closest(".versions__choice")) {
    setTimeout(() => form.requestSubmit()); // once the choice is checked
  }
});

if (steps) steps.hidden = false;
if (changes.length) mark(Math.max(0, changes.findIndex((change) => change.matches(":target"))));
