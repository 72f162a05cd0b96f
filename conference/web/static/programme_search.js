// Search as you type: the same address that the form asks, its results put into the page.
import { showStars } from "./programme_marks.js";

const form = document.getElementById("search");
const results = document.getElementById("results");
const WAIT_MS = 150;
const said = document.createElement("p");
said.className = "hidden";
said.setAttribute("role", "status");
form.after(said);
let timer = 0;
let asked = null;

function address() {
  const words = new URLSearchParams(new FormData(form));
  for (const [name, value] of [...words]) if (!value) words.delete(name);
  return `${form.action}?${words}`;
}

async function show() {
  const wanted = address();
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(wanted, { signal: asked.signal });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    results.replaceChildren(...page.getElementById("results").childNodes);
    history.replaceState(null, "", wanted);
    showStars(results);
    said.textContent = results.querySelector("#found, #q-fault")?.textContent.trim() ?? "";
  } catch {
    // A newer question took its place, or the network is away: the button still sends the form.
  }
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(show, WAIT_MS);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(timer);
  show();
});
