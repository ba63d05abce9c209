// Copying an address and the system's own sharing. What a browser cannot do stays hidden.

const SAID_FOR = 2000; // ms that a button says "copied"

const absolute = (address) => new URL(address, document.baseURI).href;

const sayCopied = (button) => {
  const label = button.querySelector("[data-label]") ?? button;
  const before = label.textContent;
  if (before === button.dataset.copied) return;
  label.textContent = button.dataset.copied;
  setTimeout(() => {
    label.textContent = before;
  }, SAID_FOR);
};

const able = {
  copy: () => Boolean(navigator.clipboard),
  share: () => Boolean(navigator.share),
};

for (const button of document.querySelectorAll("[data-copy], [data-share]")) {
  button.hidden = !able["copy" in button.dataset ? "copy" : "share"]();
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-share]");
  if (!button) return;
  try {
    if ("copy" in button.dataset) {
      await navigator.clipboard.writeText(absolute(button.dataset.copy));
      sayCopied(button);
    } else {
      await navigator.share({ title: document.title, url: absolute(button.dataset.share) });
    }
  } catch (error) {
    if (error.name !== "AbortError" && error.name !== "NotAllowedError") throw error;
  }
});
