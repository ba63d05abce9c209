// Counts what is still to choose, and leads the button to it.

const form = document.querySelector(".merge");
const button = form.querySelector(".merge__save");
const label = button.textContent;

const findOpen = () =>
  [...form.querySelectorAll(".merge__conflict")].filter((part) => !part.querySelector(":checked"));

const show = () => {
  const open = findOpen().length;
  const next = interpolate(gettext("Choose the next, %(open)s left"), { open }, true);
  button.textContent = open ? next : label;
};

button.addEventListener("click", (event) => {
  const [next] = findOpen();
  if (!next) return;
  event.preventDefault();
  next.scrollIntoView({ block: "center" });
  next.querySelector("input").focus();
});

form.addEventListener("change", show);
show();
