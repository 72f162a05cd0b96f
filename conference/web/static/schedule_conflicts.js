// The list of conflicts beside the schedule: what each is, what would cure it, and a way to its sessions.
import { severityWord } from "./schedule_block.js";
import { button, counted, make, say, write } from "./schedule_dom.js";

const MOST_SHOWN = 100;

export class Conflicts {
  constructor({ page, store, grid, selection }) {
    Object.assign(this, { store, grid, selection, isAll: true });
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
    const state = JSON.stringify([wanted.slice(0, MOST_SHOWN), wanted.length, this.#titles(wanted)]);
    if (state === this.shown) return;
    this.shown = state;
    write(this.count, String(store.conflicts.length));
    const focused = [...this.list.querySelectorAll("button")].indexOf(document.activeElement);
    this.list.replaceChildren(...wanted.slice(0, MOST_SHOWN).map((one) => this.#item(one)));
    if (focused >= 0) [...this.list.querySelectorAll("button")].at(focused)?.focus();
    const rest = wanted.length - MOST_SHOWN;
    write(this.rest, rest > 0 ? counted("more_conflict", "more_conflicts", rest) : wanted.length ? "" : say("no_conflicts"));
  }

  #titles(conflicts) {
    return conflicts.slice(0, MOST_SHOWN).map((one) => one.sessions.map((id) => this.store.sessions.get(id)?.title));
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
