// The personal page: what this device had marked is added to the registration once, and said by the page.
import { belongTo, kept, send } from "./programme_store.js";

const own = document.getElementById("own");
const { link, csrf } = own.dataset;
const there = own.dataset.marks ? own.dataset.marks.split(".").map(Number) : [];

function warn(text) {
  const told = document.createElement("p");
  told.className = "note error";
  told.setAttribute("role", "alert");
  told.textContent = text;
  own.prepend(told);
}

async function join(ids, taken) {
  const body = new URLSearchParams({ csrf_token: csrf, act: "join", sessions: ids.join(".") });
  const answer = await fetch(link, { method: "POST", body, headers: { Accept: "application/json" } });
  const told = await answer.json();
  if (!answer.ok) {
    warn(told.refused ?? told.detail ?? own.dataset.failed);
    return;
  }
  belongTo(link, told.marks, taken);
  location.replace(link);
}

// A link that is dead by now lets go of its marks, which are this device's again.
if (kept().link && kept().link !== link) await send();
const state = kept();
// What another registration keeps stays with it; what this one was not sent yet goes along.
const ours = state.link && state.link !== link
  ? []
  : state.link === link
    ? Object.keys(state.pending).map(Number).filter((id) => state.pending[id])
    : state.marks;
const more = ours.filter((id) => !there.includes(id));
const taken = state.link === link
  ? Object.fromEntries(Object.entries(state.pending).filter(([, on]) => !on))
  : {};
if (more.length) join(more, taken).catch(() => warn(own.dataset.failed));
else if (state.link !== link || !Object.keys(state.pending).length) belongTo(link, there);
