// One way to ask the server. Nothing is thrown: status 0 means that no answer came in time.

const PATIENCE = 30_000; // ms
export const LOST = { ok: false, status: 0, text: "", isPage: false };

// `isPage`: the answer is a whole page (a refusal, the login), not the part that was asked for.
// A page in place of JSON is no answer to `requestJson`, which returns null then.
export const request = async (path, options) => {
  try {
    const answer = await fetch(path, { signal: AbortSignal.timeout?.(PATIENCE), ...options });
    const text = await answer.text();
    const isPage = answer.redirected || /^\s*<!doctype/i.test(text);
    return { ok: answer.ok, status: answer.status, text, isPage };
  } catch {
    return LOST;
  }
};

export const requestJson = async (path) => {
  const { ok, text, isPage } = await request(path);
  return ok && !isPage ? JSON.parse(text) : null;
};
