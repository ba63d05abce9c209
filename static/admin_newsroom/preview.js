// Other pages of the site refuse to be framed, so links of a preview open a tab of their own.

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (link && !link.getAttribute("href").startsWith("#")) link.target = "_blank";
});
