// Shows the length of a text beside the longest allowed, as the server counts: in code points, a
// line break as one.

// Both languages of the site group digits alike; `Intl` takes 10 ms to load its rules.
const format = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");

export const updateCounter = (field) => {
  const counter = field.form.querySelector("[data-most]");
  if (!counter) return;
  const [length, most] = [[...field.value].length, Number(counter.dataset.most)];
  counter.textContent = `${format(length)} / ${format(most)}`;
  counter.classList.toggle("form__counter--over", length > most);
};

const FIELDS = ".form [name=text]";

for (const field of document.querySelectorAll(FIELDS)) updateCounter(field);

document.addEventListener("input", ({ target }) => {
  if (target.matches(FIELDS)) updateCounter(target);
});
