// Elements, and the page's sentences in the reader's language, which the server sends with the draft.
let words = {};

export function setWords(found) {
  words = found;
}

// Places in a sentence are written {name}; a sentence that is missing shows its short name.
export function say(name, facts = {}) {
  return (words[name] ?? name).replace(/\{(\w+)\}/g, (place, key) => String(facts[key] ?? place));
}

// One and many are sentences of their own: `conflict` and `conflicts`.
export function counted(one, many, number) {
  return say(number === 1 ? one : many, { count: number });
}

export function make(tag, name = "", text = "", more = {}) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text) element.textContent = text;
  for (const [key, value] of Object.entries(more)) element.setAttribute(key, value);
  return element;
}

export function button(text, name, act) {
  const element = make("button", name, text, { type: "button" });
  element.addEventListener("click", act);
  return element;
}

// Written only where it differs: a write to the page is dearer than a comparison.
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// What a person chose for this device. A browser that keeps nothing shows the usual.
export function kept(name, usual) {
  try {
    return localStorage.getItem(`conference-schedule-${name}`) ?? usual;
  } catch {
    return usual;
  }
}

export function keep(name, value) {
  try {
    localStorage.setItem(`conference-schedule-${name}`, value);
  } catch {
    // It holds until the page is left.
  }
}

export function isTyping(target) {
  return target.isContentEditable || ["INPUT", "SELECT", "TEXTAREA"].includes(target.tagName);
}

export function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
