// Passkeys: what the browser is asked comes as JSON from the form's data-options, and its answer goes into the form.
// The server judges everything; here bytes are only put into the shapes that the browser and JSON want.

const bytesOf = (text) => {
  const padded = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0));
};

const textOf = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const withBytes = (known) => (known ?? []).map((one) => ({ ...one, id: bytesOf(one.id) }));

async function made(options) {
  const publicKey = {
    ...options,
    challenge: bytesOf(options.challenge),
    user: { ...options.user, id: bytesOf(options.user.id) },
    excludeCredentials: withBytes(options.excludeCredentials),
  };
  const key = await navigator.credentials.create({ publicKey });
  return told(key, {
    attestationObject: textOf(key.response.attestationObject),
    transports: key.response.getTransports?.() ?? [],
  });
}

async function used(options) {
  const publicKey = {
    ...options,
    challenge: bytesOf(options.challenge),
    allowCredentials: withBytes(options.allowCredentials),
  };
  const key = await navigator.credentials.get({ publicKey });
  return told(key, {
    authenticatorData: textOf(key.response.authenticatorData),
    signature: textOf(key.response.signature),
    userHandle: textOf(key.response.userHandle ?? new ArrayBuffer(0)),
  });
}

const told = (key, response) => ({
  id: key.id,
  rawId: textOf(key.rawId),
  type: key.type,
  response: { clientDataJSON: textOf(key.response.clientDataJSON), ...response },
});

// What the server says of a refusal, in its own words.
async function optionsFor(form) {
  const answer = await fetch(form.dataset.options, {
    method: "POST",
    body: new FormData(form),
    headers: { Accept: "application/json" },
  });
  const words = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(words.detail), { isStale: words.is_stale });
  return words;
}

const WORDS = {
  InvalidStateError: "This device has a passkey for this account already.",
  NotAllowedError: "No passkey was given: it was put off, took too long, or there is none for this site here.",
  SecurityError: "Browsers take passkeys only over https, and at the site's own name.",
  NotSupportedError: "This device makes no passkeys that look at who uses them. Try another one, or an authenticator app.",
};

const wordsFor = (error) =>
  WORDS[error.name] ?? (error.name === "Error" ? error.message : "The passkey could not be used. Try again.");

async function answer(form) {
  const place = form.querySelector(".error[role=alert]");
  const button = form.querySelector("button[type=submit]");
  place.hidden = true;
  button.disabled = true;
  try {
    const options = await optionsFor(form);
    const key = await (form.dataset.passkey === "make" ? made(options) : used(options));
    const field = form.querySelector("[data-credential]") ?? form.elements.credential;
    field.value = JSON.stringify(key);
    form.submit();
  } catch (error) {
    // Who signed in long ago is asked who it is, on a page that keeps the name: sent without a passkey, the form leads there.
    if (error.isStale) {
      form.submit();
      return;
    }
    place.textContent = wordsFor(error);
    place.hidden = false;
    button.disabled = false;
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("button[type=submit]");
  if (!window.PublicKeyCredential) {
    const place = form.querySelector(".error[role=alert]");
    place.textContent = "This browser has no passkeys here: they need https.";
    place.hidden = false;
    continue;
  }
  button.disabled = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    // A name that is missing is the server's to refuse, in its words and before anybody is asked for a finger.
    const isMade = form.dataset.passkey === "make";
    if (isMade && !form.elements.name.value.trim()) form.submit();
    else answer(form);
  });
}

// The back key brings the page as it was left: with its button pressed.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
