// Suggests related articles for what the form holds now, once their place comes into sight. A press
// moves a suggestion into the rows of the form; nothing is saved.

import { post } from "./sending.js";

const SENT = /^(title|lead|body|tags|related_links-.*)$/;

const place = document.querySelector("[data-suggestions]");
const form = place?.closest("form");

const readFields = () => [...new FormData(form)].filter(([name]) => SENT.test(name));

const load = async () => {
  const list = place.querySelector("[data-suggestions-list]");
  place.setAttribute("aria-busy", "true");
  const { status, text } = await post(place.dataset.suggestions, readFields());
  place.removeAttribute("aria-busy");
  const button = place.querySelector("[name=_suggest]");
  button.textContent = button.dataset.again;
  if (status === 200) list.innerHTML = text;
  else list.textContent = gettext("The suggestions did not come. Try again.");
};

const rowsOf = (group) => [...group.querySelectorAll("tr.form-row:not(.empty-form)")];
const selectOf = (row) => row.querySelector("select[name$='-related']");

// A row that is still empty is taken, else a new one; its place is the last.
const addRow = (pk, title) => {
  const group = document.getElementById("related_links-group");
  const findEmpty = () => rowsOf(group).find((row) => selectOf(row)?.value === "");
  if (!findEmpty()) group.querySelector(".add-row a")?.click();
  const select = selectOf(findEmpty());
  select.append(new Option(title, pk, true, true));
  select.dispatchEvent(new Event("change", { bubbles: true }));
};

const accept = (button) => {
  const row = button.closest("[data-suggestion]");
  const rows = [...place.querySelectorAll("[data-suggestion]")];
  const next = rows[rows.indexOf(row) + 1] ?? rows[rows.indexOf(row) - 1];
  addRow(row.dataset.suggestion, row.querySelector("a").textContent);
  row.remove();
  next?.closest("details")?.setAttribute("open", "");
  const target = next?.querySelector("button") ?? place.querySelector("[name=_suggest]");
  target.focus();
};

if (place) {
  place.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    event.preventDefault();
    if (button.name === "_relate") accept(button);
    else load();
  });
  const sight = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    sight.disconnect();
    if (!place.querySelector("[data-suggestion]")) load();
  });
  sight.observe(place);
}
