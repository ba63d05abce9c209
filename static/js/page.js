// What the scripts of a thread share: its words and addresses, its comments, and who is told.

export const thread = document.querySelector("[data-thread]");

const { dataset: words = {} } = document.getElementById("words") ?? {};

export const word = (name, count) => words[name].replace("{n}", count);

export const address = (name, pk) => words[name].replace("/0/", `/${pk}/`);

export const commentOf = (part) => part.closest(".comment");

export const find = (pk) => document.getElementById(`comment-${pk}`);

export const pkOf = (comment) => comment.id.slice("comment-".length);

export const numberOf = (comment) => comment.querySelector(".comment__number");

// Tell those who do not see what changes.
export const say = (text) => {
  document.getElementById("said").textContent = text;
};

export const counted = (total) => {
  const count = thread.querySelector("[data-count]");
  if (count && total !== undefined) {
    count.dataset.count = total;
    count.textContent = total.toLocaleString(document.documentElement.lang);
  }
  return Number(count?.dataset.count);
};

// Lead to a comment, also into a closed branch.
export const lead = (comment, block = "start") => {
  for (let branch = comment; branch; branch = branch.parentElement.closest("details")) {
    branch.open = true;
  }
  comment.scrollIntoView({ block });
  numberOf(comment).focus({ preventScroll: true });
};

// Call a function with the page, and with each part of it that changes.
export const decorate = (mark) => {
  mark(document);
  document.addEventListener("htmx:load", ({ target }) => mark(target.parentElement));
};

export const changed = (part) => part.dispatchEvent(new Event("htmx:load", { bubbles: true }));
