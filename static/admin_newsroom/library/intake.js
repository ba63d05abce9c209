// Sends files that are chosen or dropped onto the page, one after the other, and opens a row for each
// at once. What is too large is refused before it is sent. Without this script the form sends them all.

const intake = document.querySelector(".intake");
const sheet = document.querySelector(".new-files");

const describeSize = (bytes) =>
  bytes < 1048576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;

const count = () => {
  const rows = sheet.querySelectorAll(".new-files__rows > .new-file").length;
  sheet.querySelector("[data-count]").textContent = rows;
};

const open = (file) => {
  const row = sheet.querySelector("template").content.firstElementChild.cloneNode(true);
  row.querySelector(".new-file__name").textContent = file.name;
  row.querySelector(".new-file__size").textContent = describeSize(file.size);
  sheet.querySelector(".new-files__rows").append(row);
  sheet.hidden = false;
  count();
  return row;
};

// The server's sentence may hold a link to the file that is there already; it escapes all else.
const refuse = (row, html) => {
  row.className = "new-file new-file--refused";
  row.querySelector("progress").remove();
  row.querySelector(".new-file__said").innerHTML = html;
};

// Draws the picture into its row and resolves to its pixels, 0 for what the browser cannot read.
const preview = async (row, file) => {
  try {
    const bitmap = await createImageBitmap(file);
    const canvas = row.querySelector("canvas");
    const scale = Math.min(canvas.width / bitmap.width, canvas.height / bitmap.height);
    const [width, height] = [bitmap.width * scale, bitmap.height * scale];
    const [x, y] = [(canvas.width - width) / 2, (canvas.height - height) / 2];
    canvas.getContext("2d").drawImage(bitmap, x, y, width, height);
    const pixels = bitmap.width * bitmap.height;
    bitmap.close();
    return pixels;
  } catch {
    return 0;
  }
};

const send = (file, row) =>
  new Promise((resolve) => {
    const data = new FormData();
    for (const name of ["csrfmiddlewaretoken", "folder"]) {
      data.append(name, intake.elements[name].value);
    }
    data.append("file", file);
    const request = new XMLHttpRequest();
    const bar = row.querySelector("progress");
    const size = row.querySelector(".new-file__size");
    request.open("POST", intake.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      bar.value = loaded / total;
      size.textContent = `${Math.floor((100 * loaded) / total)}% ${describeSize(file.size)}`;
    });
    request.addEventListener("loadend", () => resolve(request.response));
    request.send(data);
  });

const take = async (file, row) => {
  const { bytes, pixels, tooLarge, tooMany, failed } = intake.dataset;
  if (file.size > Number(bytes)) return refuse(row, tooLarge);
  if (file.type.startsWith("image/") && (await preview(row, file)) > Number(pixels)) {
    return refuse(row, tooMany);
  }
  const answer = await send(file, row);
  if (!answer?.html) return refuse(row, answer?.errors?.join(" ") || failed);
  const place = document.createElement("template");
  place.innerHTML = answer.html;
  const described = place.content.querySelector(".new-file");
  row.replaceWith(described);
  fillIn(described);
  return undefined;
};

const takeAll = async (files) => {
  const rows = [...files].map((file) => [file, open(file)]);
  for (const [file, row] of rows) await take(file, row);
};

// What is typed into the last row goes into all others.
const fillIn = (row) => {
  for (const field of sheet.querySelectorAll(".new-file--same :is(input, select)")) {
    const name = field.name.replace("same-", "");
    const own = row.querySelector(`[name$="-${name}"]`);
    if (own && field.value && !own.value) own.value = field.value;
  }
};

if (intake && sheet) {
  const input = intake.querySelector("input[type=file]");
  input.classList.add("intake__files--hidden");
  intake.querySelector(".intake__choose").hidden = false;
  intake.querySelector(".intake__send").hidden = true;
  input.addEventListener("change", () => {
    takeAll([...input.files]);
    input.value = "";
  });

  sheet.querySelector(".new-file--same").addEventListener("input", ({ target }) => {
    const name = target.name.replace("same-", "");
    for (const own of sheet.querySelectorAll(`.new-files__rows [name$="-${name}"]`)) {
      own.value = target.value;
    }
  });

  const page = document.querySelector(".desk__body");
  const holdsFiles = ({ dataTransfer }) => [...(dataTransfer?.types || [])].includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    page.classList.add("library--over");
  });
  document.addEventListener("dragleave", ({ relatedTarget }) => {
    if (!relatedTarget) page.classList.remove("library--over");
  });
  document.addEventListener("drop", (event) => {
    page.classList.remove("library--over");
    if (!holdsFiles(event)) return;
    event.preventDefault();
    takeAll(event.dataTransfer.files);
  });
}
