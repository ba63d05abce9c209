// Suggests tags and titles while somebody types a search, in the field's own list. The header
// loads it at the first focus of a search field.

import { request } from "./request.js";

const list = document.createElement("datalist");
list.id = "suggestions";
document.body.append(list);

let waiting;

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

document.addEventListener("input", planSuggestions);
document.addEventListener("compositionend", planSuggestions);
// Something may have been typed while this script was loading.
planSuggestions({ target: document.activeElement ?? document.body });
