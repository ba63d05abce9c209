// Shows the length of a text beside the longest allowed, as the server counts: in code points, a
// line break as one.

const format = new Intl.NumberFormat(document.documentElement.lang);

export const updateCounter = (field) => {
  const counter = field.form.querySelector("[data-most]");
  if (!counter) return;
  const [length, most] = [[...field.value].length, Number(counter.dataset.most)];
  counter.textContent = `${format.format(length)} / ${format.format(most)}`;
  counter.classList.toggle("form__counter--over", length > most);
};

const FIELDS = ".form [name=text]";

for (const field of document.querySelectorAll(FIELDS)) updateCounter(field);

document.addEventListener("input", ({ target }) => {
  if (target.matches(FIELDS)) updateCounter(target);
});
