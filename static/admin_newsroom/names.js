// Names for the parts of Django's forms that their scripts build without one: the editor of a text and
// the fields of select2 take the name of their row. Some of them appear later, so all changes are seen.

const LIST = ".select2-selection__rendered:is(ul)";
const NAMELESS = [
  ".ProseMirror[role=textbox]",
  ".select2-search__field",
  ".select2-selection--single",
  ".select2-selection__rendered[role=textbox]",
  ".vDateField",
  ".vTimeField",
].join();

const findName = (part) => {
  const row = part.closest(".form-row, .fieldBox, td, .select2-container--open");
  const label = row?.querySelector("label, legend")?.textContent;
  const column = part.closest("td")?.className.match(/field-\S+/)?.[0];
  const head = column && part.closest("table")?.querySelector(`th.column-${column.slice(6)}`);
  return (label || head?.textContent || document.querySelector("h1")?.textContent || "").trim();
};

const nameParts = () => {
  for (const icon of document.querySelectorAll(".datetimeshortcuts a:not([aria-label]) > [title]")) {
    const name = [findName(icon).replace(/[:：]$/, ""), icon.title].filter(Boolean).join(" ");
    icon.parentElement.setAttribute("aria-label", name);
  }
  for (const part of document.querySelectorAll(NAMELESS)) {
    if (part.hasAttribute("aria-label")) continue;
    part.setAttribute("aria-label", findName(part).replace(/[:：]$/, ""));
    if (part.matches(".select2-selection--single")) part.removeAttribute("aria-labelledby");
  }
  for (const list of document.querySelectorAll(LIST)) {
    if (list.getAttribute("role") !== "none") list.setAttribute("role", "none");
    const items = list.querySelectorAll(":scope > li:not([role])");
    for (const item of items) item.setAttribute("role", "none");
  }
};

// Django's search field is named by a picture with an English text.
const search = document.getElementById("searchbar");
search?.setAttribute("aria-label", search.form.querySelector("[type=submit]").value);

nameParts();
new MutationObserver(nameParts).observe(document.body, { childList: true, subtree: true });
