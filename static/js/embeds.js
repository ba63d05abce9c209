// Loads the player of a video or map once its card is pressed. Until then, and without scripts, the
// card is a link, and the other service learns nothing.

document.addEventListener("click", (event) => {
  const card = event.target.closest("[data-player]");
  if (!card || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const player = document.createElement("iframe");
  player.src = card.dataset.player;
  player.title = card.textContent;
  player.allow = "fullscreen";
  card.after(player);
  delete card.dataset.player;
});
