// Suggests tags and titles while somebody types a search, in the field's own list. The header
// loads it when a search field is first entered.

const list = document.createElement("datalist");
list.id = "suggestions";
document.body.append(list);

let waiting;

const suggest = async (field) => {
  const words = field.value.trim();
  const address = new URL(`suggest/?q=${encodeURIComponent(words)}`, field.form.action);
  const answer = words && (await fetch(address).catch(() => null));
  const options = answer?.ok ? await answer.text() : "";
  if (field.value.trim() === words) list.innerHTML = options;
};

// What an input method has not settled yet is no word.
const wait = ({ target, isComposing }) => {
  if (!target.dataset.suggest || isComposing) return;
  target.setAttribute("list", list.id);
  clearTimeout(waiting);
  waiting = setTimeout(suggest, 150, target);
};

document.addEventListener("input", wait);
document.addEventListener("compositionend", wait);
