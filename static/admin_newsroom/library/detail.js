// One file beside the grid: its fields are saved as one types; the focal point is set on the picture,
// by mouse, touch and arrow keys; a crop is drawn on it.

const WAIT = 600; // milliseconds after the last change

const detail = document.querySelector(".detail");
const form = detail?.querySelector(".detail__form");
const svg = detail?.querySelector(".focus");
const cropping = detail?.querySelector(".detail__more--crop");

const limit = (value, low, high) => Math.min(high, Math.max(low, value));

// Saves the fields that have changed, a moment after the last change.
const saver = () => {
  const said = detail.querySelector(".detail__saved");
  const changed = new Set();
  let timer = 0;
  let sent = Promise.resolve();
  const collect = () => {
    const body = new FormData(form);
    for (const name of changed) body.append("only", name);
    changed.clear();
    return body;
  };
  const save = async () => {
    const body = collect();
    try {
      const headers = { Accept: "application/json" };
      const response = await fetch(form.action, { method: "POST", body, headers });
      const answer = await response.json();
      said.classList.toggle("detail__saved--failed", !answer.saved);
      said.textContent = answer.saved
        ? `${said.dataset.saved} ${answer.saved}`
        : `${said.dataset.failed}: ${answer.errors.join(" ")}`;
    } catch {
      said.classList.add("detail__saved--failed");
      said.textContent = said.dataset.failed;
      for (const name of body.getAll("only")) changed.add(name); // sent again with the next change
    }
  };
  const flush = () => {
    if (!timer) return;
    clearTimeout(timer);
    timer = 0;
    sent = sent.then(save); // one after the other, so that the last one stays
  };
  addEventListener("pagehide", () => {
    if (timer) navigator.sendBeacon(form.action, collect());
  });
  return (...names) => {
    for (const name of names) changed.add(name);
    clearTimeout(timer);
    timer = setTimeout(flush, WAIT);
  };
};

// The point of an event on the picture, in shares of its sides.
const locate = ({ clientX, clientY }) => {
  const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
  return [limit(x / svg.dataset.width, 0, 1), limit(y / svg.dataset.height, 0, 1)];
};

// As imagefield cuts a picture around its focal point.
const showCrops = (x, y) => {
  const [width, height] = [Number(svg.dataset.width), Number(svg.dataset.height)];
  for (const crop of detail.querySelectorAll(".detail__crop")) {
    const [wide, high] = crop.dataset.size.split(" ").map(Number);
    const isWider = width / height >= wide / high;
    const w = isWider ? Math.round((wide / high) * height) : width;
    const h = isWider ? height : Math.round(width / (wide / high));
    const left = limit(Math.floor(width * x) - Math.floor(w / 2), 0, width - w);
    const top = limit(Math.floor(height * y) - Math.floor(h / 2), 0, height - h);
    crop.setAttribute("viewBox", `${left} ${top} ${w} ${h}`);
  }
};

const point = (save) => {
  const { x, y } = form.elements;
  const show = () => {
    const [left, top] = [x.value / 100, y.value / 100];
    const place = `translate(${left * svg.dataset.width} ${top * svg.dataset.height})`;
    svg.querySelector(".focus__point").setAttribute("transform", place);
    showCrops(left, top);
  };
  const set = (left, top) => {
    x.value = Math.round(limit(left, 0, 100));
    y.value = Math.round(limit(top, 0, 100));
    show();
    save("x", "y");
  };
  for (const field of [x, y]) field.addEventListener("input", show);
  const move = (right, down) => set(Number(x.value) + right, Number(y.value) + down);
  for (const arrow of detail.querySelectorAll(".detail__arrow")) {
    arrow.hidden = false;
    arrow.addEventListener("click", () => move(...arrow.dataset.move.split(" ").map(Number)));
  }
  const keys = { ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowRight: [1, 0], ArrowDown: [0, 1] };
  svg.tabIndex = 0;
  svg.addEventListener("keydown", (event) => {
    if (!keys[event.key] || cropping?.open) return;
    event.preventDefault();
    const step = event.shiftKey ? 10 : 1;
    move(...keys[event.key].map((part) => part * step));
  });
  return (event) => set(...locate(event).map((share) => share * 100));
};

const crop = () => {
  const fields = ["left", "top", "right", "bottom"].map((name) =>
    cropping.querySelector(`[name=${name}]`),
  );
  const { width, height } = svg.dataset;
  const cut = svg.querySelector(".focus__cut");
  const show = () => {
    const [left, top, right, bottom] = fields.map((field) => field.value / 100);
    const [x, y, far, low] = [left * width, top * height, right * width, bottom * height];
    cut.setAttribute(
      "d",
      cropping.open ? `M0 0H${width}V${height}H0ZM${x} ${y}H${far}V${low}H${x}Z` : "",
    );
  };
  cropping.addEventListener("toggle", show);
  cropping.addEventListener("input", show);
  let start = null;
  return {
    begin: (event) => {
      start = locate(event);
    },
    drag: (event) => {
      const end = locate(event);
      const box = [
        Math.min(start[0], end[0]), Math.min(start[1], end[1]),
        Math.max(start[0], end[0]), Math.max(start[1], end[1]),
      ];
      fields.forEach((field, index) => {
        field.value = (100 * box[index]).toFixed(1);
      });
      show();
    },
  };
};

if (form && !form.querySelector("fieldset").disabled) {
  const save = saver();
  detail.querySelector(".detail__save").hidden = true;
  form.addEventListener("input", ({ target: { name } }) => {
    save(...("xy".includes(name) ? ["x", "y"] : [name]));
  });
  if (svg) {
    const place = point(save);
    const tool = crop();
    const isFinger = ({ pointerType }) => pointerType === "touch" && !cropping.open;
    svg.classList.add("focus--live");
    cropping.addEventListener("toggle", () => svg.classList.toggle("focus--drawn", cropping.open));
    // A finger that moves scrolls the page, so it sets the point by a tap.
    svg.addEventListener("click", (event) => isFinger(event) && place(event));
    svg.addEventListener("pointerdown", (event) => {
      if (isFinger(event)) return;
      event.preventDefault();
      svg.focus({ preventScroll: true });
      svg.setPointerCapture(event.pointerId);
      if (cropping.open) tool.begin(event);
      else place(event);
    });
    svg.addEventListener("pointermove", (event) => {
      if (!svg.hasPointerCapture(event.pointerId)) return;
      if (cropping.open) tool.drag(event);
      else place(event);
    });
  }
}
