// A list from which the staff chooses: select all, and how many are chosen.

for (const form of document.querySelectorAll(".selection")) {
  const all = form.querySelector("[data-all]");
  const count = form.querySelector("[data-count]");
  const boxes = [...form.querySelectorAll("[name=chosen], [name=_selected_action]")];
  if (!boxes.length) continue;

  const show = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    count.textContent = chosen ? `${count.dataset.count} ${chosen}` : count.dataset.none;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && !all.checked;
  };

  count.dataset.none = count.textContent;
  all.parentElement.hidden = false;
  form.addEventListener("change", ({ target }) => {
    if (target === all) for (const box of boxes) box.checked = all.checked;
    show();
  });
  form.addEventListener("reset", () => setTimeout(show));
  show();
}
