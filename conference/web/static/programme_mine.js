// My programme on this device: the ids are kept here, the sessions come from the server as a part of a page.
import { kept, stop } from "./programme_store.js";
import { showStars } from "./programme_marks.js";

const place = document.getElementById("mine");
let shown = null;
let asked = null;

function say(text) {
  const told = document.createElement("p");
  told.className = "empty";
  told.textContent = text;
  place.replaceChildren(told);
}

async function show() {
  const state = kept();
  document.getElementById("kept-here").hidden = Boolean(state.link);
  document.getElementById("kept-there").hidden = !state.link;
  const ids = [...state.marks].sort((one, other) => one - other).join(".");
  if (ids === shown) return;
  if (!ids) {
    shown = ids;
    say(place.dataset.empty);
    return;
  }
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(place.dataset.from + ids, { signal: asked.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const held = document.activeElement?.closest?.(".star")?.dataset.session;
    place.replaceChildren(...page.getElementById("mine-part").childNodes);
    shown = ids;
    showStars(place);
    // Who takes marks out by keyboard goes on at the next star.
    if (held) (place.querySelector(`[data-session="${held}"]`) ?? place.querySelector(".star"))?.focus();
  } catch (error) {
    if (error.name !== "AbortError") say(place.dataset.failed);
  }
}

document.getElementById("stop").addEventListener("click", stop);
document.addEventListener("marks", show);
addEventListener("storage", show);
show();
