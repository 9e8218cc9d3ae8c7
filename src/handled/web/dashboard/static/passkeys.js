// Making passkeys, and logging in with them. What a browser cannot do is not offered.
"use strict";

{
  const isNamed = !/^[\d.]+$|^\[/.test(location.hostname);
  const works = isNamed && Boolean(globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON);
  const LATER = "That did not work. Please load this page again and try once more.";

  const ask = async (path, body = {}) => {
    const answer = await fetch(`/dashboard/passkeys${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const isJson = answer.headers.get("content-type")?.includes("json");
    const said = isJson ? await answer.json() : {};
    if (!answer.ok || !isJson) throw new Error(said.message ?? LATER);
    return said;
  };

  // Whoever closes the browser's question has changed their mind: that is no problem to speak of.
  const sentence = (error) => {
    if (error.name === "NotAllowedError" || error.name === "AbortError") return "";
    if (error.name === "InvalidStateError") return "This device has a passkey for you already.";
    return error instanceof DOMException || error instanceof TypeError ? LATER : error.message;
  };

  const say = (form, text) => {
    const problem = form.querySelector('[role="alert"]');
    problem.textContent = text;
    problem.hidden = !text;
  };

  const attempt = async (form, act) => {
    const button = form.querySelector("button");
    say(form, "");
    button.disabled = true;
    await act().catch((error) => say(form, sentence(error)));
    button.disabled = false;
  };

  const entrance = document.querySelector("#passkey-login");
  let waiting;

  const enter = async (mediation) => {
    waiting?.abort();
    waiting = new AbortController();
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await ask("/options"));
    const found = await navigator.credentials.get({ publicKey, mediation, signal: waiting.signal });
    const { to } = await ask("/login", { credential: JSON.stringify(found), after: entrance.dataset.after });
    location.assign(to);
  };

  if (entrance && works) {
    entrance.hidden = false;
    entrance.addEventListener("submit", (event) => {
      event.preventDefault();
      void attempt(entrance, () => enter("optional"));
    });
    // Whoever steps into the field for their address is offered their passkey there.
    const field = document.querySelector("#email");
    field?.addEventListener("focus", async () => {
      if (await PublicKeyCredential.isConditionalMediationAvailable?.())
        enter("conditional").catch((error) => say(entrance, sentence(error)));
    }, { once: true });
  }

  const maker = document.querySelector("#passkey-new");
  if (maker && works) {
    maker.hidden = false;
    maker.addEventListener("submit", (event) => {
      event.preventDefault();
      void attempt(maker, async () => {
        const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(await ask("/new"));
        const made = await navigator.credentials.create({ publicKey });
        const name = maker.querySelector("input").value;
        const { to } = await ask("", { credential: JSON.stringify(made), name });
        location.assign(to);
      });
    });
  }
  for (const each of document.querySelectorAll("[data-without-passkeys]")) each.hidden = works;
}
