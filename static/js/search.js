// Suggests tags and titles while somebody types a search, in the field's own list. The header
// loads it at the first focus of a search field.

import { isConverting } from "./conversion.js";
import { request } from "./request.js";

const list = document.createElement("datalist");
list.id = "suggestions";
document.body.append(list);

let waiting;
let isChoosing = false; // by the arrows, among the suggestions

const showSuggestions = async (field) => {
  const words = field.value.trim();
  const address = new URL(`suggest/?q=${encodeURIComponent(words)}`, field.form.action);
  const { ok, text } = words ? await request(address) : {};
  if (field.value.trim() === words) list.innerHTML = ok ? text : "";
};

// Text that an input method still composes is no word yet.
const planSuggestions = ({ target, isComposing }) => {
  if (!target.dataset.suggest || isComposing) return;
  target.setAttribute("list", list.id);
  clearTimeout(waiting);
  waiting = setTimeout(showSuggestions, 150, target);
};

// Enter searches for what stands in the field, though suggestions are open: WebKit would only close
// them. Among them it takes the one that is marked, and the next Enter searches.
const searchNow = (event) => {
  const { key, target } = event;
  if (!target.dataset.suggest || isConverting(event)) return;
  if (key === "ArrowDown" || key === "ArrowUp") isChoosing = true;
  if (key === "Escape") isChoosing = false;
  if (key !== "Enter" || isChoosing || !target.form.requestSubmit) return;
  event.preventDefault();
  target.form.requestSubmit();
};

document.addEventListener("keydown", searchNow);
document.addEventListener("input", () => {
  isChoosing = false;
});
document.addEventListener("input", planSuggestions);
document.addEventListener("compositionend", planSuggestions);
// Something may have been typed while this script was loading.
planSuggestions({ target: document.activeElement ?? document.body });
