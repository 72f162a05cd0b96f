// The screen at a door: asks anew by itself, keeps what it shows while the network is away, and says so.
const POLL_MS = 15000;
const GIVE_UP_MS = 10000;
const clock = document.getElementById("clock");
const away = document.getElementById("away");
const time = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Stockholm", hour: "2-digit", minute: "2-digit" });
// A screen's own clock may be wrong: the server says what time it is.
let ahead_ms = 0;
let since = null;

const now = () => new Date(Date.now() + ahead_ms + Number(document.body.dataset.offset) * 1000);

function tick() {
  clock.hidden = false;
  clock.textContent = time.format(now());
}

function lose() {
  since ??= now();
  away.textContent = away.dataset.words.replace("TIME", time.format(since));
  away.hidden = false;
}

// The version was withdrawn, or the room is none any more: what stood here must not stay.
function sayGone() {
  document.getElementById("screen").replaceChildren();
  away.textContent = away.dataset.gone;
  away.hidden = false;
  since = null;
}

async function show() {
  try {
    const answer = await fetch(location.href, { cache: "no-cache", signal: AbortSignal.timeout(GIVE_UP_MS) });
    if (answer.status === 404) {
      sayGone();
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const screen = page.getElementById("screen");
    if (!screen) throw new Error("another page");
    const told = Date.parse(answer.headers.get("Date"));
    // It tells whole seconds, and a kept answer an older one.
    if (Math.abs(told - Date.now() - ahead_ms) > 2000) ahead_ms = told - Date.now();
    if (screen.innerHTML !== document.getElementById("screen").innerHTML) {
      document.getElementById("screen").replaceWith(screen);
    }
    document.querySelector("h1").textContent = page.querySelector("h1").textContent;
    document.querySelector("footer").replaceWith(page.querySelector("footer"));
    since = null;
    away.hidden = true;
  } catch {
    lose();
  }
}

tick();
setInterval(tick, 1000);
setInterval(show, POLL_MS);
addEventListener("offline", lose);
addEventListener("online", show);
show();
