// What the scripts of a thread share: its words and addresses, its comments, and the event that
// says which part of it has changed.

export const thread = document.querySelector("[data-thread]");

const { dataset: words = {} } = document.getElementById("words") ?? {};

export const readWord = (name, count = "{n}") => words[name].replace("{n}", count);

export const buildAddress = (name, pk) => words[name].replace("/0/", `/${pk}/`);

export const findComment = (part) => part.closest(".comment");

export const findByPk = (pk) => document.getElementById(`comment-${pk}`);

export const readPk = (comment) => comment.id.slice("comment-".length);

export const findNumber = (comment) => comment.querySelector(".comment__number");

// A press that opens another tab or window is the browser's.
export const opensElsewhere = ({ metaKey, ctrlKey, shiftKey }) => metaKey || ctrlKey || shiftKey;

const SAID_FOR = 10_000; // ms that a text stays in the live region
let silence;

// Put a text into the live region, for readers who do not see what changes. It ends by itself, so
// that nobody comes upon it later, and the same text can be said again.
export const announce = (text) => {
  const region = document.getElementById("said");
  clearTimeout(silence);
  region.replaceChildren(text); // a new node: the same text is said again
  silence = setTimeout(() => region.replaceChildren(), SAID_FOR);
};

const findCount = () => thread.querySelector(".thread__title > [data-count]");

export const readCount = () => Number(findCount()?.dataset.count);

export const showCount = (total) => {
  const count = findCount();
  if (!count) return;
  count.dataset.count = total;
  const text = total.toLocaleString(document.documentElement.lang);
  for (const place of [count, ...document.querySelectorAll("[data-total-count]")]) {
    place.textContent = text;
  }
};

// Scroll to a comment and focus it; closed branches around it are opened.
export const showComment = (comment, block = "start") => {
  for (let branch = comment; branch; branch = branch.parentElement.closest("details")) {
    branch.open = true;
  }
  comment.scrollIntoView({ block });
  findNumber(comment).focus({ preventScroll: true });
};

// A comment that begins higher on the screen is being read, or was: px.
export const EDGE = 24;

const CHANGE = "thread:change";

export const reportChange = (part) => part.dispatchEvent(new Event(CHANGE, { bubbles: true }));

// Call a function with each part of the page that changes.
export const watchChanges = (mark) => {
  document.addEventListener(CHANGE, ({ target }) => mark(target.parentElement));
};

// Call a function with the page, and with each part of it that changes.
export const decorateParts = (mark) => {
  mark(document);
  watchChanges(mark);
};
