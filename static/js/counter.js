// Counts what is written against what a field takes, as the server counts it: in code points,
// a line break as one.

const length = (text) => [...text].length;

for (const counter of document.querySelectorAll("[data-counts]")) {
  const field = document.getElementById(counter.dataset.counts);
  const format = new Intl.NumberFormat(document.documentElement.lang);
  const most = format.format(Number(counter.dataset.most));
  const count = () => {
    counter.textContent = `${format.format(length(field.value))} / ${most}`;
  };
  field.addEventListener("input", count);
  count();
}
