// What makes the form of an article quicker: links lead to their place, lengths are counted, the verb
// follows the date, and on phones the parts beside the text become a sheet with tabs.

const form = document.querySelector(".article-form");
const side = form.querySelector(".form-side");
const phone = matchMedia("(max-width: 43.6875rem)");
const FOCUSABLE = ".tiptap, input:not([type=hidden]), select, textarea, button, a[href], summary";

// The key that ends a conversion of an input method; by its code in Safari.
const isConverting = ({ isComposing, keyCode }) => isComposing || keyCode === 229;

// The sheet

let opener = null;
const parts = () => [...side.querySelectorAll(":scope > [data-part]")];
const tabs = document.createElement("div");
tabs.className = "form-tabs";

const showPart = (part) => {
  for (const each of parts()) each.classList.toggle("form-part--shown", each === part);
  if (part.matches("details")) part.open = true;
  for (const tab of tabs.querySelectorAll("[aria-controls]")) {
    const isShown = tab.getAttribute("aria-controls") === part.id;
    tab.setAttribute("aria-expanded", isShown);
    if (isShown) tab.scrollIntoView({ inline: "center", block: "nearest" });
  }
};

const openSheet = (part, from) => {
  opener = from;
  side.classList.add("form-side--open");
  showPart(part);
};

const closeSheet = () => {
  side.classList.remove("form-side--open");
  opener?.focus();
};

const buildTab = (part) => {
  const tab = document.createElement("button");
  tab.type = "button";
  tab.className = "form-tabs__tab";
  tab.setAttribute("aria-controls", part.id);
  tab.textContent = part.dataset.part;
  const count = Number(part.dataset.count) || "";
  tab.append(" ", Object.assign(document.createElement("b"), { textContent: count }));
  tab.addEventListener("click", () => showPart(part));
  return tab;
};

const buildSheet = () => {
  const close = document.createElement("button");
  close.type = "button";
  close.className = "form-tabs__close";
  close.setAttribute("aria-label", gettext("Close"));
  close.addEventListener("click", closeSheet);
  const row = document.createElement("div");
  row.className = "form-tabs__row";
  row.append(...parts().map(buildTab));
  tabs.append(row, close);
  side.prepend(tabs);
  form.classList.add("article-form--sheet");
};

// Places

const findPicture = (pk) => pk && document.querySelector(`.tiptap img[data-file="${pk}"]`);

const reveal = (target, from) => {
  for (let each = target; each; each = each.parentElement) if (each.matches("details")) each.open = true;
  const part = target.closest(".form-side > [data-part]");
  if (part && phone.matches) openSheet(part, from);
  else side.classList.remove("form-side--open");
  target.scrollIntoView({ block: "center" });
  const place = target.matches(FOCUSABLE) ? target : target.closest(".form-row, figure, .form-part");
  const field = target.matches(FOCUSABLE) ? target : place?.querySelector(FOCUSABLE);
  field?.focus({ preventScroll: true });
};

form.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#'], a[data-file]");
  if (!link || link.getAttribute("href") === "#") return;
  const target = findPicture(link.dataset.file) || document.getElementById(link.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  reveal(target, link);
});

document.addEventListener("keydown", (event) => {
  if (isConverting(event)) return;
  if (event.key === "Escape" && side.classList.contains("form-side--open")) closeSheet();
  const isSave = (event.ctrlKey || event.metaKey) && event.key === "s";
  const button = isSave && form.querySelector(".form-menu [name=_continue], .form-menu [value=save]");
  if (!button) return;
  event.preventDefault();
  form.requestSubmit(button);
});

// A press of Enter in a field saves nothing by the way; in the title it leads to the lead.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || isConverting(event)) return;
  const isTitle = event.target.id === "id_title";
  if (!isTitle && !event.target.matches("input:not([type=submit], [type=checkbox], [type=radio])")) return;
  event.preventDefault();
  if (isTitle) document.getElementById("id_lead")?.focus();
});

// Lengths

for (const place of form.querySelectorAll("[data-length-of]")) {
  const field = document.getElementById(place.dataset.lengthOf);
  const show = () => {
    const { length } = [...field.value];
    place.textContent = interpolate(ngettext("%s character", "%s characters", length), [length]);
  };
  field?.addEventListener("input", show);
  if (field) show();
}

// How much of a text fits where it is shown

const numbers = new Intl.NumberFormat(document.documentElement.lang);

for (const field of form.querySelectorAll("[data-fits]")) {
  const hint = Object.assign(document.createElement("span"), { className: "form-field__fits" });
  const most = Number(field.dataset.fits);
  const show = () => {
    const { length } = [...field.value];
    hint.textContent = `${numbers.format(length)} / ${numbers.format(most)}`;
    hint.classList.toggle("form-field__fits--over", length > most);
  };
  field.after(hint);
  field.addEventListener("input", show);
  show();
}

// The verb of the head follows the date

const [date, time] = [document.getElementById("id_published_at_0"), document.getElementById("id_published_at_1")];
const primary = form.querySelector(".form-head__primary");
const menu = form.querySelector(".form-menu");

const swapVerbs = () => {
  const isLater = date.value && new Date(`${date.value}T${time.value || "23:59"}`) > new Date();
  const wanted = isLater ? "scheduled" : "published";
  const other = primary.value !== wanted && menu?.querySelector(`[name=_state][value=${wanted}]`);
  if (!other) return;
  [primary.value, other.value] = [other.value, primary.value];
  [primary.textContent, other.textContent] = [other.textContent, primary.textContent];
};

if (date && time && primary?.name === "_state" && ["published", "scheduled"].includes(primary.value)) {
  for (const field of [date, time]) field.addEventListener("change", swapVerbs);
  swapVerbs();
}

buildSheet();
form.querySelector(".form-foot__checklist")?.addEventListener("click", (event) => {
  if (!phone.matches) return;
  event.preventDefault();
  event.stopPropagation();
  if (side.classList.contains("form-side--open")) closeSheet();
  else openSheet(document.getElementById("checklist"), event.currentTarget);
});
form.querySelector(".form-errors")?.focus();
