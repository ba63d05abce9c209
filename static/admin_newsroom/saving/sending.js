// Asks the server and returns { status, answer }. Status 0 means that no answer came; 401 that the
// login has ended.

const PATIENCE = 20_000; // ms
const TOKEN = "csrfmiddlewaretoken";

const readToken = () => document.querySelector(`[name=${TOKEN}]`).value;

const renewToken = (token) => {
  for (const field of document.querySelectorAll(`[name=${TOKEN}]`)) field.value = token;
};

const ask = async (path, body) => {
  const fields = new URLSearchParams(body);
  fields.set(TOKEN, readToken());
  try {
    const response = await fetch(path, {
      method: "POST",
      body: fields,
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout?.(PATIENCE),
    });
    const text = await response.text();
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    return { status: response.status, url: response.url, text, answer: isJson ? JSON.parse(text) : null };
  } catch {
    return { status: 0, url: "", text: "", answer: null };
  }
};

// A login in another tab makes the token of this page stale; the refusal brings a new one.
export const post = async (path, body) => {
  const sent = await ask(path, body);
  if (sent.status !== 403 || !sent.answer?.token) return sent;
  renewToken(sent.answer.token);
  return ask(path, body);
};

export const isSaved = ({ status, answer }) => status === 200 && answer !== null;
