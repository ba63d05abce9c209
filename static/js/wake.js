// The first script of a thread. It loads the others, and the styles of what they build, when the
// reader may need them: at the first move, or once the thread is in sight. A press or a key that
// comes before them is done again after them; where they do not come, the server answers it.

import "./reads.js";

const { script, styles } = document.querySelector("[data-script]").dataset;
const thread = document.querySelector("[data-thread]");

const MOVES = ["scroll", "pointerover", "pointerdown", "keydown", "focusin"];
const PLACES = "[data-thread], .this-thread, .thumb, [data-copy], [data-share], [data-legend]";
const held = [];
let isAwake = false;

const addLink = (rel, href) =>
  new Promise((resolve) => {
    const link = document.createElement("link");
    Object.assign(link, { rel, href, onload: resolve, onerror: resolve });
    document.head.append(link);
  });

const load = async () => {
  if (!document.head.querySelector(`[href="${styles}"]`)) {
    addLink("modulepreload", script);
    await addLink("stylesheet", styles);
  }
  await import(script).catch(() => {});
};

const wake = async () => {
  if (isAwake) return;
  isAwake = true;
  watch.disconnect();
  for (const name of MOVES) removeEventListener(name, wake, true);
  await load();
  removeEventListener("click", hold, true);
  removeEventListener("keydown", holdKey, true);
  removeEventListener("input", keepText, true);
  const focused = document.activeElement;
  if (thread.contains(focused)) focused.dispatchEvent(new FocusEvent("focusin", { bubbles: true }));
  for (const event of held) event.target.dispatchEvent(new event.constructor(event.type, event));
};

const isPlain = ({ ctrlKey, metaKey, altKey }) => !ctrlKey && !metaKey && !altKey;

const hold = (event) => {
  const { target, shiftKey } = event;
  if (!isPlain(event) || shiftKey || !target.closest(PLACES)) return;
  if (!target.closest("a, button, summary")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  held.push(event);
  wake();
};

const holdKey = (event) => {
  const { key, target } = event;
  if (key.length === 1 && isPlain(event) && !target.closest("input, textarea")) held.push(event);
};

// What is typed meanwhile is a draft already.
const keepText = ({ target: { name, value, form } }) => {
  if (name === "text" && form?.dataset.draft) sessionStorage.setItem(`draft:${form.dataset.draft}`, value);
};

const watch = new IntersectionObserver((entries) => entries.at(-1).isIntersecting && wake());

// A second visit shows at once what is new, and nobody sees a word that they hide.
const wasHere = () => {
  try {
    return ["hidden-words", `seen:${thread.dataset.thread}`].some((key) => key in localStorage);
  } catch {
    return false;
  }
};

// What only scripts can do is there from the start: nothing moves when the others come.
for (const button of document.querySelectorAll("button:is([data-copy], [data-share], [data-help])")) {
  const { copy, help } = button.dataset;
  button.hidden = help === undefined && !navigator[copy === undefined ? "share" : "clipboard"];
}

addEventListener("click", hold, true);
addEventListener("keydown", holdKey, true);
addEventListener("input", keepText, true);
for (const name of MOVES) addEventListener(name, wake, { capture: true, passive: true });
watch.observe(thread);
if (location.hash.startsWith("#comment-") || scrollY || wasHere()) wake();
