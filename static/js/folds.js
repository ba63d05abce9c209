// Folded branches: by the toggle, by the rail beside the replies, or all at once. They stay folded
// in this tab after a reload.

import { decorateParts, findByPk, readPk, thread } from "./page.js";
import { loadOfTab, saveOfTab } from "./storage.js";

const key = `folds:${thread.dataset.thread}`;
const folded = new Set(loadOfTab(key).split(" ").filter(Boolean));

const findBranch = (pk) => findByPk(pk)?.parentElement.querySelector(":scope > .branch");

const readOwner = (branch) => readPk(branch.parentElement.querySelector(":scope > .comment"));

const foldAgain = () => {
  for (const pk of folded) {
    const branch = findBranch(pk);
    if (branch) branch.open = false;
  }
};

// The event of a branch does not bubble. Those of a page that is being left come too late.
document.addEventListener(
  "toggle",
  ({ target: branch }) => {
    if (!branch.matches(".branch") || !branch.isConnected) return;
    const pk = readOwner(branch);
    if (branch.open) folded.delete(pk);
    else folded.add(pk);
    saveOfTab(key, [...folded].join(" "));
  },
  true,
);

// A press on the rail folds the branch; the comment above it stays in sight.
document.addEventListener("click", ({ target }) => {
  if (!target.matches(".branch__list") || getSelection().type === "Range") return;
  const branch = target.closest(".branch");
  if (!branch) return;
  branch.open = false;
  const comment = branch.parentElement.querySelector(":scope > .comment");
  if (comment.getBoundingClientRect().top < 0) comment.scrollIntoView({ block: "nearest" });
  branch.querySelector(".branch__toggle").focus({ preventScroll: true });
});

document.addEventListener("click", ({ target }) => {
  if (!("fold" in target.dataset)) return;
  for (const branch of thread.querySelectorAll(".branch")) branch.open = !target.dataset.fold;
});

decorateParts(foldAgain);
decorateParts((place) => {
  const buttons = place.querySelector("[data-folding]");
  if (buttons) buttons.hidden = false;
});
