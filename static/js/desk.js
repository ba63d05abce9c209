// Every page of the desk: its menus close on Escape and on a click beside them, the current tab of a
// row that scrolls is in sight, and a form that leads back leads to where its page stands now.

import { isConverting } from "./conversion.js";

const OPEN = ".desk-header details[open], .desk-menu[open]";

const closeMenu = (menu) => {
  menu.open = false;
};

document.addEventListener("click", ({ target }) => {
  for (const menu of document.querySelectorAll(OPEN)) if (!menu.contains(target)) closeMenu(menu);
});

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && !isConverting(event) && document.querySelector(OPEN);
  if (!menu) return;
  const isInside = menu.contains(document.activeElement);
  closeMenu(menu);
  if (isInside) menu.querySelector("summary").focus();
});

document.addEventListener("submit", ({ target: form }) => {
  if (form.matches("[data-here]")) form.elements.next.value = location.pathname + location.search;
});

for (const tab of document.querySelectorAll(".desk__tab[aria-current]")) {
  const row = tab.parentElement;
  row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
}
