// The preview of a design follows the form: each change is sent unsaved, and of several answers the last one wins.
// Without this the button "Preview" does the same with the whole page.
const WAIT_MS = 350;
const form = document.getElementById("design-form");
const status = document.getElementById("design-status");
let timer = 0;
let asked = 0;
let underWay = null;

const later = () => {
  // An answer to what stood there before would untick what was ticked since.
  asked += 1;
  underWay?.abort();
  clearTimeout(timer);
  timer = setTimeout(look, WAIT_MS);
};

async function look() {
  clearTimeout(timer);
  underWay?.abort();
  underWay = new AbortController();
  const mine = (asked += 1);
  const seen = document.getElementById("seen");
  seen.setAttribute("aria-busy", "true");
  try {
    const sent = new FormData(form);
    sent.set("act", "preview");
    const answer = await fetch(form.action, { method: "POST", body: sent, signal: underWay.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== asked) return;
    if (answer.redirected || !page.getElementById("seen")) throw new Error(String(answer.status));
    showFields(page);
    const fresh = document.importNode(page.getElementById("seen"), true);
    // The pictures are fetched before they take the place of the earlier ones, so that nothing jumps.
    await Promise.allSettled([...fresh.querySelectorAll("img")].map((picture) => picture.decode()));
    if (mine !== asked) return;
    showSeen(fresh);
    say(answer.ok ? "The preview shows what is entered. It is not saved yet." : "The fields say what cannot be printed yet.");
  } catch (error) {
    if (error.name === "AbortError" || mine !== asked) return;
    document.getElementById("seen").removeAttribute("aria-busy");
    say("The preview could not be made. What is entered is still here: press Preview to try again.");
  }
}

const say = (words) => {
  if (status.textContent !== words) status.textContent = words;
};

function showSeen(fresh) {
  const before = document.getElementById("seen");
  if (before.querySelector("details")?.open) fresh.querySelector("details").open = true;
  before.replaceWith(fresh);
}

function showFields(page) {
  for (const field of form.querySelectorAll(".field")) {
    const control = field.querySelector("input, select, textarea");
    const other = control?.id && page.getElementById(control.id);
    if (other) take(field, control, other);
  }
  for (const kept of form.querySelectorAll("[data-kept]")) {
    const other = page.querySelector(`input[name="${kept.name}"]`);
    takePicture(kept, other?.value ?? "", page);
  }
}

// What the server says at a field: its errors, and a box that it ticked or cleared itself.
function take(field, control, other) {
  const wrong = other.closest(".field").querySelectorAll("p.error");
  const own = field.querySelectorAll("p.error");
  field.classList.toggle("wrong", wrong.length > 0);
  for (const name of ["aria-invalid", "aria-describedby"]) {
    if (other.hasAttribute(name)) control.setAttribute(name, other.getAttribute(name));
    else control.removeAttribute(name);
  }
  if (control.type === "checkbox" && control !== document.activeElement) control.checked = other.checked;
  if ([...own].map((one) => one.textContent).join() === [...wrong].map((one) => one.textContent).join()) return;
  own.forEach((one) => one.remove());
  const before = control.closest(".choice, .design-swatch") ?? control;
  for (const one of wrong) before.before(document.importNode(one, true));
}

// A picture that arrived is kept by the server, so that its file is not sent again with each change.
function takePicture(kept, value, page) {
  const slot = kept.name.replace(/_kept$/, "");
  const file = form.elements[`${slot}_file`];
  if (value && value !== kept.value && file) file.value = "";
  kept.value = value;
  const place = document.getElementById(`${slot}-picture`);
  const other = page.getElementById(`${slot}-picture`);
  if (place && other && place.innerHTML !== other.innerHTML) place.replaceChildren(...document.importNode(other, true).childNodes);
}

// A field of colours beside the text: either sets the other.
function addSwatch(text) {
  const place = document.createElement("span");
  place.className = "design-swatch";
  const swatch = document.createElement("input");
  swatch.type = "color";
  swatch.setAttribute("aria-label", `${document.querySelector(`label[for="${text.id}"]`).firstChild.textContent.trim()}, as a swatch`);
  const match = () => {
    const isColour = /^#[0-9a-f]{6}$/i.test(text.value.trim());
    swatch.classList.toggle("is-unset", !isColour);
    if (isColour) swatch.value = text.value.trim().toLowerCase();
    else if (text.dataset.colour) swatch.value = text.dataset.colour;
  };
  swatch.addEventListener("input", () => {
    text.value = swatch.value;
    swatch.classList.remove("is-unset");
    later();
  });
  text.addEventListener("input", match);
  text.before(place);
  place.append(text, swatch);
  match();
}

// Whether a field says something else than the page brought: typed before this file ran, or kept by the browser.
function differs(control) {
  if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked;
  if (control.tagName !== "SELECT") return control.type !== "hidden" && control.value !== control.defaultValue;
  const brought = [...control.options].find((option) => option.defaultSelected) ?? control.options[0];
  return control.value !== brought?.value;
}

if (form) {
  form.querySelectorAll(".design-colours input[type=text]").forEach(addSwatch);
  // What says how it is seen stands beside the form, not in it.
  const whole = form.closest(".design");
  whole.addEventListener("input", later);
  whole.addEventListener("change", later);
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value !== "preview") return;
    event.preventDefault();
    look();
  });
  if ([...whole.querySelectorAll("input[name], select[name], textarea[name]")].some(differs)) look();
}
