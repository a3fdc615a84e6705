// Signing in and out. The secret goes once, as a bearer, and comes back as a cookie that no script can read; it is kept nowhere here.
import { find, write } from "./draw.js";

/** Shows the form; the returned promise ends when the visitor is in. */
export function signIn(word) {
  const { promise, resolve } = Promise.withResolvers();
  const form = find("#sign-in");
  const box = find("#secret");
  const said = find("#refusal");
  write(find("#secret-name"), word === "password" ? "Gateway password" : "Gateway token");
  document.body.dataset.view = "door";
  box.focus();
  form.onsubmit = async (event) => {
    event.preventDefault();
    if (box.value === "") return;
    const secret = box.value;
    write(said, "");
    const problem = await present(secret);
    if (problem === null) {
      box.value = "";
      resolve();
      return;
    }
    write(said, problem);
    box.select();
  };
  return promise;
}

async function present(secret) {
  // Header bytes are Latin-1 to `fetch`; the secret's own are UTF-8.
  const bytes = String.fromCharCode(...new TextEncoder().encode(secret));
  try {
    const headers = { authorization: `Bearer ${bytes}` };
    const { ok, status } = await fetch("/status/session", { method: "POST", headers });
    if (ok) return null;
    if (status === 429) return "Too many wrong guesses. Try again later.";
    return status === 401 ? "That is not it." : `The gateway refused (${status}).`;
  } catch {
    return "The gateway does not answer.";
  }
}

/** Ends the session. */
export async function signOut() {
  await fetch("/status/session/end", { method: "POST" }).catch(() => null);
  location.reload();
}
