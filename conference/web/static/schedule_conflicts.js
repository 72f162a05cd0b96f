// The list of conflicts beside the schedule: what each is, what would cure it, and a way to its sessions.
import { severityWord } from "./schedule_block.js";
import { button, counted, make, say, write } from "./schedule_dom.js";

const MOST_SHOWN = 100;
// More of one kind are one line with their number, which unfolds.
const MOST_APART = 4;

export class Conflicts {
  constructor({ page, store, grid, selection }) {
    Object.assign(this, { store, grid, selection, open: new Set() });
    this.list = page.querySelector("#schedule-conflicts");
    this.count = page.querySelector("#schedule-conflicts-count");
    this.rest = page.querySelector("#schedule-conflicts-rest");
    this.only = page.querySelector("#schedule-conflicts-chosen");
    this.only.addEventListener("change", () => this.paint());
    this.shown = null;
    selection.addEventListener("change", () => this.only.checked && this.paint());
  }

  paint() {
    const { store } = this;
    const of = this.only.checked ? this.selection.ids : null;
    const wanted = store.conflicts.filter((one) => !of || one.sessions.some((id) => of.has(id)));
    const groups = this.#groups(wanted);
    // Of a closed line only its number is shown, and of thousands nothing else is compared.
    const state = JSON.stringify(groups.map(([name, found]) => [name, found.length, this.#isShut(name, found) ? [] : this.#told(found)]));
    if (state === this.shown) return;
    this.shown = state;
    write(this.count, String(store.conflicts.length));
    const focused = [...this.list.querySelectorAll("button")].indexOf(document.activeElement);
    this.list.replaceChildren(...groups.flatMap((group) => this.#lines(group)));
    if (focused >= 0) [...this.list.querySelectorAll("button")].at(focused)?.focus();
    write(this.rest, wanted.length ? "" : say("no_conflicts"));
  }

  // Those of one kind and severity together, in the order of the first of each.
  #groups(conflicts) {
    const groups = new Map();
    for (const one of conflicts) {
      const name = `${one.severity} ${one.kind}`;
      if (!groups.has(name)) groups.set(name, []);
      groups.get(name).push(one);
    }
    return [...groups];
  }

  #lines([name, conflicts]) {
    if (conflicts.length <= MOST_APART) return conflicts.map((one) => this.#item(one));
    const [{ severity, kind }] = conflicts;
    const isOpen = this.open.has(name);
    const item = make("li", "s-conflict s-group");
    item.dataset.severity = severity;
    const unfold = button("", "second", () => {
      if (!this.open.delete(name)) this.open.add(name);
      this.paint();
    });
    unfold.setAttribute("aria-expanded", String(isOpen));
    unfold.append(make("span", "s-mark", severityWord(severity), { "data-severity": severity }), ` ${this.store.conflictWords[kind] ?? kind}: ${conflicts.length}`);
    item.append(unfold);
    if (!isOpen) return [item];
    const rest = conflicts.length - MOST_SHOWN;
    const more = rest > 0 ? [make("li", "s-conflict soft", counted("more_conflict", "more_conflicts", rest))] : [];
    return [item, ...conflicts.slice(0, MOST_SHOWN).map((one) => this.#item(one)), ...more];
  }

  #isShut(name, conflicts) {
    return conflicts.length > MOST_APART && !this.open.has(name);
  }

  #told(conflicts) {
    return conflicts.slice(0, MOST_SHOWN).map((one) => [one, one.sessions.map((id) => this.store.sessions.get(id)?.title)]);
  }

  #item(conflict) {
    const item = make("li", "s-conflict");
    item.dataset.severity = conflict.severity;
    const text = make("p", "", "");
    text.append(make("span", "s-mark", severityWord(conflict.severity), { "data-severity": conflict.severity }), ` ${conflict.text}`);
    item.append(text);
    for (const id of conflict.sessions) {
      const session = this.store.sessions.get(id);
      if (session) item.append(button(session.title, "as-link", () => this.#jump(id, conflict)));
    }
    item.append(make("p", "s-cure", conflict.cure));
    return item;
  }

  #jump(id, conflict) {
    this.selection.set(conflict.sessions.filter((one) => this.store.sessions.has(one)));
    this.grid.reveal(id);
  }
}
