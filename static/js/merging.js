// Overlapping changes: counts what is still to choose, and leads the button to it.

const form = document.querySelector(".merge");
const button = form.querySelector(".merge__save");
const chosen = document.querySelector(".merge__chosen");
const label = button.textContent;

const findAll = () => [...form.querySelectorAll(".merge__conflict")];
const findOpen = () => findAll().filter((part) => !part.querySelector(":checked"));

const show = () => {
  const open = findOpen().length;
  button.textContent = open ? button.dataset.next.replace("{open}", open) : label;
  chosen.textContent = findAll().length - open;
};

button.addEventListener("click", (event) => {
  const [next] = findOpen();
  if (!next) return;
  event.preventDefault();
  next.scrollIntoView({ block: "center" });
  next.querySelector(".merge__side input").focus();
});

form.addEventListener("change", show);
show();
