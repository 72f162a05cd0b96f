// The talks of the chosen session, in place: title, minutes, speakers and order. All of them are sent as one list.
import { button, make, say } from "./schedule_dom.js";
import { PersonSearch, peopleList } from "./schedule_people.js";

// What is written in a row before it is sent; `id` is null for a new talk.
const plain = (talk) => ({ id: talk.id ?? null, title: talk.title, minutes: talk.minutes ?? 0, people: talk.people ?? [] });
const sent = ({ id, title, minutes, people }) => ({ id, title, minutes, people: people.map(([who, , role]) => [who, role]) });
const isBlank = (row) => row.id === null && !row.title.trim() && !row.people.length;

export class Talks {
  constructor({ store, save, live, net, locked }) {
    Object.assign(this, { store, save, live, net, locked, typed: new Map() });
    this.list = make("ol", "s-talks");
    this.error = make("p", "error-text", "", { role: "alert" });
    this.sum = make("p", "soft");
    this.add = button(say("talk_add"), "second", () => this.#new());
    this.element = make("div");
    this.element.append(make("h3", "", say("talks")), this.list, this.error, this.sum, this.add);
    this.list.addEventListener("focusout", ({ target, relatedTarget }) => {
      // A row that is drawn anew loses the focus for a moment, and nobody has left it.
      if (!this.isDrawing && !target.closest("li")?.contains(relatedTarget)) this.commit();
    });
  }

  // Shows the session's talks, or what is typed of them and not saved yet.
  show(id) {
    const entry = this.typed.get(id);
    const rows = entry?.rows ?? (this.store.sessions.get(id)?.talks ?? []).map(plain);
    const state = JSON.stringify([id, rows, entry?.error, this.locked()]);
    this.#count(id, rows);
    if (state === this.shown) return;
    const focus = id === this.id && this.list.contains(document.activeElement) ? document.activeElement.dataset.spot : null;
    // A title in the middle of being typed is what the row holds already.
    if (focus && entry && this.list.children.length === rows.length && this.quiet) return;
    this.id = id;
    this.shown = state;
    this.isDrawing = true;
    this.list.replaceChildren(...rows.map((row, index) => this.#row(row, index, rows.length, entry?.error)));
    this.isDrawing = false;
    const fault = entry?.error;
    this.error.textContent = fault ? fault.text : "";
    this.error.hidden = !fault;
    this.add.disabled = this.locked();
    if (focus) this.#focus(focus);
  }

  get isDirty() {
    return [...this.typed].some(([id, entry]) => !entry.isSent && this.#differs(id, entry));
  }

  #entry() {
    if (!this.typed.has(this.id)) {
      const talks = this.store.sessions.get(this.id).talks;
      this.typed.set(this.id, { rows: talks.map(plain), seen: talks.map((one) => [one.id, one.revision]) });
    }
    return Object.assign(this.typed.get(this.id), { isSent: false, error: null });
  }

  #differs(id, entry) {
    const talks = this.store.sessions.get(id)?.talks ?? [];
    return JSON.stringify(entry.rows.filter((row) => !isBlank(row))) !== JSON.stringify(talks.map(plain));
  }

  #count(id, rows) {
    const total = rows.reduce((sum, row) => sum + (Number(row.minutes) || 0), 0);
    const minutes = this.store.place(id)?.minutes ?? 0;
    this.sum.textContent = rows.length ? say("talks_sum", { total, minutes }) : say("talks_none");
  }

  #row(row, index, many, error) {
    const item = make("li", "s-talk");
    const name = row.title || say("talk_new");
    const title = this.#input("title", index, row.title, say("talk_title", { number: index + 1 }));
    title.dir = "auto";
    title.addEventListener("input", () => this.#type(index, "title", title.value));
    const minutes = this.#input("duration_min", index, row.minutes, say("talk_minutes", { name }));
    Object.assign(minutes, { type: "number", min: 1, max: 1440, className: "w-4" });
    minutes.addEventListener("input", () => this.#type(index, "minutes", minutes.value === "" ? 0 : Number(minutes.value)));
    if (error?.line === index) {
      const at = error.field === "duration_min" ? minutes : title;
      at.setAttribute("aria-invalid", "true");
    }
    for (const input of [title, minutes]) input.addEventListener("keydown", (event) => this.#pressed(event, index));
    const people = peopleList(row.people, (role) => this.store.roles[role], (which) => this.#people(index, row.people.filter((_, at) => at !== which)));
    const acts = make("div", "s-talk-acts");
    acts.append(
      minutes, make("span", "soft", say("min")),
      this.#act("↑", "up", index, say("talk_up", { name }), () => this.#move(index, -1), index === 0),
      this.#act("↓", "down", index, say("talk_down", { name }), () => this.#move(index, 1), index === many - 1),
      this.#act(say("talk_speaker"), "who", index, say("talk_speaker_of", { name }), () => this.#search(item, index)),
      this.#act(say("take_out"), "out", index, say("talk_out", { name }), () => this.#take(index)),
    );
    item.append(title, people, acts);
    for (const one of item.querySelectorAll("button")) one.disabled ||= this.locked();
    return item;
  }

  #input(name, index, value, label) {
    const input = make("input", "", "", { "aria-label": label, autocomplete: "off" });
    input.value = value;
    input.readOnly = this.locked();
    input.dataset.spot = `${name} ${index}`;
    return input;
  }

  #act(text, name, index, label, act, isOff = false) {
    const element = button(text, "second", act);
    element.setAttribute("aria-label", label);
    element.dataset.spot = `${name} ${index}`;
    element.disabled = isOff;
    return element;
  }

  #focus(spot) {
    const found = this.list.querySelector(`[data-spot="${spot}"]:not(:disabled)`) ?? this.list.querySelector(`[data-spot="title ${spot.split(" ")[1]}"]`);
    found?.focus();
  }

  // Written into the row at once, and sent when the row is left or Enter is pressed.
  #type(index, name, value) {
    this.#entry().rows[index][name] = value;
    this.quiet = true;
  }

  #pressed(event, index) {
    if (event.key === "Enter") this.commit();
    else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) this.#move(index, event.key === "ArrowUp" ? -1 : 1);
    else if (event.key === "Escape" && this.typed.has(this.id) && !this.typed.get(this.id).isSent) this.#restore();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // Escape takes back what is typed and not sent.
  #restore() {
    this.typed.delete(this.id);
    this.#redraw();
    this.live.speak(say("talks_restored"));
  }

  #move(index, by) {
    const { rows } = this.#entry();
    const to = index + by;
    if (this.locked() || to < 0 || to >= rows.length) return;
    const spot = document.activeElement?.dataset.spot?.split(" ")[0] ?? "title";
    rows.splice(to, 0, ...rows.splice(index, 1));
    this.live.speak(say("talk_moved", { name: rows[to].title, number: to + 1, count: rows.length }));
    this.#redraw();
    this.#focus(`${spot} ${to}`);
    this.commit();
  }

  #take(index) {
    const { rows } = this.#entry();
    const [gone] = rows.splice(index, 1);
    this.live.speak(say("talk_gone", { name: gone.title }));
    this.#redraw();
    if (rows.length) this.#focus(`title ${Math.min(index, rows.length - 1)}`);
    else this.add.focus();
    this.commit();
  }

  #new() {
    const { rows } = this.#entry();
    rows.push({ id: null, title: "", minutes: 20, people: [] });
    this.#redraw();
    this.#focus(`title ${rows.length - 1}`);
  }

  #people(index, people) {
    this.#entry().rows[index].people = people;
    this.#redraw();
    this.#focus(`who ${index}`);
    this.commit();
  }

  #search(item, index) {
    if (item.querySelector(".s-person")) return;
    const roles = this.store.talkRoles.map((role) => [role, this.store.roles[role]]);
    const search = new PersonSearch({
      net: this.net, live: this.live, roles, label: say("person_find"),
      pick: (person, role) => this.#people(index, [...this.#entry().rows[index].people, [person.id, person.name, role]]),
    });
    item.append(search.element);
    search.input.focus();
  }

  #redraw() {
    this.quiet = false;
    this.shown = null;
    this.show(this.id);
  }

  // Sends what differs. A new row without a word is no talk yet, and stays.
  commit(id = this.id) {
    const entry = this.typed.get(id);
    // What was refused is sent again once something of it is changed.
    if (!entry || entry.isSent || entry.error) return;
    const rows = entry.rows.filter((row) => !isBlank(row));
    if (!this.store.sessions.has(id) || !this.#differs(id, entry)) {
      if (rows.length === entry.rows.length) this.typed.delete(id);
      return;
    }
    if (this.locked()) {
      this.live.speak(say("offline"));
      return;
    }
    if (entry.isOnWay) {
      entry.again = true;
      return;
    }
    entry.isOnWay = true;
    entry.isSent = rows.length === entry.rows.length;
    this.save.write(id, { act: "talks", session: id, talks: rows.map(sent), talks_seen: entry.seen });
  }

  // The server has all rows as they were sent, in that order: new ones have their ids now.
  saved(id) {
    const entry = this.typed.get(id);
    if (!entry) return;
    const talks = this.store.sessions.get(id)?.talks ?? [];
    const { again, isSent } = entry;
    const known = new Set((entry.seen ?? []).map(([one]) => one));
    Object.assign(entry, { isOnWay: false, again: false, seen: talks.map((one) => [one.id, one.revision]) });
    if (isSent && !again) {
      this.typed.delete(id);
      return;
    }
    const fresh = talks.filter((one) => !known.has(one.id));
    for (const row of entry.rows) if (row.id === null && !isBlank(row) && fresh.length) row.id = fresh.shift().id;
    if (again) this.commit(id);
  }

  // Typed and refused: it stays, with the reason in its row. Before a reload of the page it was typed as it was sent.
  refused(id, told, act) {
    const session = this.store.sessions.get(id);
    if (!session) return false;
    if (!this.typed.has(id)) {
      const rows = act.talks.map((row) => ({ ...row, people: row.people.map(([who, role]) => [who, this.#nameOf(who), role]) }));
      this.typed.set(id, { rows, seen: session.talks.map((one) => [one.id, one.revision]) });
    }
    const entry = this.typed.get(id);
    const [, line, field] = String(told.field ?? "").match(/^talks\.(\d+)\.(\w+)$/) ?? [];
    const blank = entry.rows.filter((row) => !isBlank(row));
    const at = line === undefined ? -1 : entry.rows.indexOf(blank[Number(line)]);
    const text = at < 0 ? told.text : say("talk_fault", { number: at + 1, text: told.text });
    Object.assign(entry, { isOnWay: false, isSent: false, again: false, error: { line: at, field, text } });
    this.shown = null;
    this.quiet = false;
    return true;
  }

  #nameOf(who) {
    for (const session of this.store.sessions.values()) {
      for (const [id, name] of [...session.people, ...session.talks.flatMap((talk) => talk.people ?? [])]) if (id === who) return name;
    }
    return `#${who}`;
  }

  forget(id) {
    this.typed.delete(id);
    this.shown = null;
  }
}
