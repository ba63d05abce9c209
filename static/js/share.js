// Buttons that copy an address and open the system's share dialog (wake.js hides them where there is
// none). A link to the ways of sharing opens the dialog too, where there is one.

import { announce, readWord } from "./page.js";

const SHOWN_FOR = 2000; // ms that a button shows "copied"

const makeAbsolute = (address) => new URL(address, document.baseURI).href;

const showCopied = (button) => {
  const label = button.querySelector("[data-label]") ?? button;
  const before = label.textContent;
  if (before === button.dataset.copied) return;
  label.textContent = button.dataset.copied;
  if (!label.hasAttribute("aria-live")) announce(button.dataset.copied);
  setTimeout(() => {
    label.textContent = before;
  }, SHOWN_FOR);
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-share]");
  if (!button || (button.href && !navigator.share)) return;
  event.preventDefault();
  try {
    if ("copy" in button.dataset) {
      await navigator.clipboard.writeText(makeAbsolute(button.dataset.copy));
      showCopied(button);
    } else {
      await navigator.share({ title: document.title, url: makeAbsolute(button.dataset.share) });
    }
  } catch (error) {
    if (error.name === "NotAllowedError") announce(readWord("notCopied"));
    else if (error.name !== "AbortError") throw error;
  }
});
