// What is marked: kept on this device, and with a registration once its personal link was opened here.
// A change that has not reached the registration yet waits in `pending` and is sent again at the next page.
const KEY = "conference.programme";
const EMPTY = { marks: [], link: "", pending: {} };
const DEAD = new Set([404, 409, 410]);
let unkept = null; // where the browser keeps nothing: for as long as the page is open

function isKept(value) {
  return value !== null && typeof value === "object" && Array.isArray(value.marks)
    && typeof value.link === "string" && value.pending !== null && typeof value.pending === "object";
}

export function kept() {
  if (unkept) return unkept;
  try {
    const found = JSON.parse(localStorage.getItem(KEY));
    return isKept(found) ? { ...found, marks: found.marks.filter(Number.isInteger) } : { ...EMPTY, pending: {} };
  } catch {
    return { ...EMPTY, pending: {} };
  }
}

export function keep(state) {
  try {
    localStorage.setItem(KEY, JSON.stringify(state));
  } catch {
    unkept = state;
  }
  document.dispatchEvent(new Event("marks"));
}

export const isMarked = (id) => kept().marks.includes(id);

// Sets or takes a mark; true is "marked".
export function mark(id, on) {
  const state = kept();
  const marks = new Set(state.marks);
  if (on) marks.add(id);
  else marks.delete(id);
  if (state.link) state.pending[id] = on;
  keep({ ...state, marks: [...marks] });
  return send();
}

// From now on marks are kept with the registration of the link; `marks` are all that it has. What `taken` says was
// unmarked here and still has to be sent.
export function belongTo(link, marks, taken = {}) {
  keep({ marks: marks.filter((id) => !(id in taken)), link, pending: taken });
}

// The marks stay on this device, and the registration keeps its own.
export function stop() {
  keep({ ...kept(), link: "", pending: {} });
}

const address = (link) => link.replace(/programme$/, "marks");

async function ask(link, options) {
  const answer = await fetch(link, { ...options, headers: { Accept: "application/json" } });
  // The link is dead or its registration has ended, which is told to who only asks: the marks stay here.
  if (!options && DEAD.has(answer.status)) return null;
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

function body(csrf, act, ids) {
  return new URLSearchParams({ csrf_token: csrf, act, sessions: ids.join(".") });
}

let running = null;

// Sends what waits and takes over what the registration has. Ends quietly without a network: it is sent later.
export function send() {
  running ??= synchronise().finally(() => { running = null; });
  return running;
}

async function synchronise() {
  const { link } = kept();
  if (!link) return;
  try {
    let told = await ask(address(link));
    for (let waiting = kept().pending; told && Object.keys(waiting).length; waiting = kept().pending) {
      told = await sendThose(link, told.csrf_token, waiting);
    }
    if (told === null) stop();
    else if (kept().link === link) keep({ ...kept(), marks: told.marks });
  } catch {
    // The network or the server is away: what waits stays in `pending`.
  }
}

async function sendThose(link, csrf, waiting) {
  const ids = (on) => Object.keys(waiting).filter((id) => waiting[id] === on);
  let told = null;
  for (const [act, of] of [["keep", ids(true)], ["unmark", ids(false)]]) {
    if (of.length) told = await ask(link, { method: "POST", body: body(csrf, act, of) });
  }
  const state = kept();
  for (const [id, on] of Object.entries(waiting)) if (state.pending[id] === on) delete state.pending[id];
  keep(state);
  return told;
}
