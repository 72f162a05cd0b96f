// Sends slides in pieces, and goes on after a break from what the server says it has. Without it the form sends the
// file whole. The server decides everything: this only cuts, counts and tries again.
const form = document.getElementById("slides-form");
const input = form.querySelector("input[type=file]");
const button = form.querySelector("button");
const sending = form.querySelector(".sending");
const bar = sending.querySelector("progress");
const line = sending.querySelector("[role=status]");
const token = form.elements.csrf_token.value;
const MB = 1000000;
const NOT_FOUND = 404;
const LONGEST_PAUSE_MS = 30000;

const say = (sentence) => { line.textContent = sentence; };
const pause = (milliseconds) => new Promise((go) => setTimeout(go, milliseconds));

class Refused extends Error {
  constructor(sentence, have, status) { super(sentence); Object.assign(this, { have, status }); }
}

// Asks until there is an answer: the network may be away for as long as it likes, and so may the server.
async function ask(address, options) {
  for (let wait = 1000; ; wait = Math.min(2 * wait, LONGEST_PAUSE_MS)) {
    let answer = null;
    try {
      answer = await fetch(address, { method: "POST", ...options });
    } catch {
      say(form.dataset.away);
    }
    const isOurs = answer?.headers.get("Content-Type")?.startsWith("application/json");
    if (answer?.ok && isOurs) return answer.json();
    if (answer && isOurs) {
      const told = await answer.json();
      throw new Refused(told.error, told.have, answer.status);
    }
    if (answer && answer.status < 500) throw new Refused(form.dataset.broken, null, answer.status);
    say(form.dataset.away);
    await pause(wait);
  }
}

function fields(values) {
  const body = new FormData();
  body.set("csrf_token", token);
  for (const [name, value] of Object.entries(values)) body.set(name, value);
  return { body };
}

function show(have, size) {
  bar.value = size ? (100 * have) / size : 0;
  const words = { sent: (have / MB).toFixed(1), size: (size / MB).toFixed(1) };
  say(form.dataset.sent.replace(/\{(\w+)\}/g, (_, name) => words[name]));
}

async function send(file) {
  const said = { name: file.name, size: file.size, modified: file.lastModified };
  const begun = await ask(form.dataset.begin, fields(said));
  const [path, query] = form.dataset.begin.split("?");
  const at = (end, more = "") => `${path}/${begun.upload}${end}?${[query, more].filter(Boolean).join("&")}`;
  let have = begun.have;
  show(have, file.size);
  while (have < file.size) {
    const body = file.slice(have, have + begun.piece);
    try {
      const headers = { "X-CSRF-Token": token, "Content-Type": "application/octet-stream" };
      have = (await ask(at("", `offset=${have}`), { body, headers })).have;
    } catch (error) {
      // The server has less or more than we thought, as after a crash: go on from there, and else stop.
      if (typeof error.have !== "number" || error.have === have) throw error;
      have = error.have;
    }
    show(have, file.size);
  }
  try {
    location.assign((await ask(at("/finish"), fields({}))).page);
  } catch (error) {
    // Finished already, and only the answer was lost: the page shows what is kept.
    if (error.status !== NOT_FOUND) throw error;
    location.reload();
  }
}

form.addEventListener("submit", async (event) => {
  const file = input.files[0];
  if (!file) return; // the server says what is missing
  event.preventDefault();
  sending.hidden = false;
  if (file.size > Number(form.dataset.most)) { say(form.dataset.tooLarge); return; }
  button.disabled = true;
  try {
    await send(file);
  } catch (error) {
    say(error instanceof Refused ? error.message : form.dataset.broken);
    button.disabled = false;
  }
});
