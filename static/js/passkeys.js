// A form with data-passkey asks the browser for a passkey, and sends what it answers as a field.

const CEREMONIES = {
  create: (options) =>
    navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
    }),
  get: (options) =>
    navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
    }),
};

const isPossible = () =>
  Boolean(globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON && navigator.credentials);

const sendPasskey = async (form) => {
  const failed = form.querySelector("[data-passkey-failed]");
  failed.hidden = true;
  try {
    const credential = await CEREMONIES[form.dataset.passkey](JSON.parse(form.dataset.options));
    form.elements.credential.value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch {
    failed.hidden = false;
  }
};

for (const form of document.querySelectorAll("[data-passkey]")) {
  if (isPossible()) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      sendPasskey(form);
    });
  } else {
    form.querySelector("[data-passkey-missing]").hidden = false;
    form.querySelector("button").disabled = true;
  }
}
