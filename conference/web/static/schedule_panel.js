// The chosen session, in place: its title, room, people and talks. What is typed is kept until it is saved.
import { button, make, say, write } from "./schedule_dom.js";
import { PersonSearch, peopleList } from "./schedule_people.js";
import { Talks } from "./schedule_talks.js";

export class Panel {
  constructor({ page, store, grid, selection, save, live, net, options }) {
    Object.assign(this, { store, grid, selection, save, live, options, id: null, typed: new Map() });
    this.root = page.querySelector("#schedule-panel");
    this.net = net;
    this.root.addEventListener("keydown", (event) => this.#pressed(event));
    addEventListener("beforeunload", (event) => {
      if (this.isDirty) event.preventDefault();
    });
  }

  get isDirty() {
    return [...this.typed.values()].some((entry) => !entry.isSent) || Boolean(this.talks?.isDirty);
  }

  #locked() {
    return !this.store.isOpen(this.id) || this.options.isCut();
  }

  // Once the page has its words.
  #build() {
    this.heading = make("h2", "", say("panel"), { id: "schedule-panel-title" });
    this.where = make("p", "soft");
    this.outside = make("p", "note");
    this.title = make("input", "", "", { id: "schedule-panel-name", autocomplete: "off", dir: "auto", "aria-describedby": "schedule-panel-fault" });
    this.fault = make("p", "error-text", "", { id: "schedule-panel-fault", role: "alert" });
    this.room = make("select", "", "", { id: "schedule-panel-room" });
    this.people = make("div");
    this.peopleFault = make("p", "error-text", "", { role: "alert" });
    const roles = Object.entries(this.store.roles).filter(([role]) => !this.store.talkRoles.includes(role));
    this.search = new PersonSearch({
      net: this.net, live: this.live, roles: [...roles, ...Object.entries(this.store.roles).filter((one) => !roles.includes(one) && this.store.talkRoles.includes(one[0]))],
      label: say("person_find"), pick: (person, role) => this.#writePeople([...this.#peopleNow(), [person.id, person.name, role]], say("person_added", { name: person.name })),
    });
    this.talks = new Talks({ store: this.store, save: this.save, live: this.live, net: this.net, locked: () => this.#locked() });
    this.form = make("a", "", say("edit_form"));
    this.history = make("a", "", say("history_of"));
    const links = make("p", "s-panel-links");
    links.append(this.form, this.history);
    this.title.addEventListener("input", () => this.typed.set(this.#key(), { value: this.title.value }));
    this.title.addEventListener("blur", () => this.#commitTitle(this.id));
    this.room.addEventListener("change", () => this.#move());
    this.root.replaceChildren(
      this.heading, this.where, this.outside,
      this.#field("field_title", this.title, this.fault), this.#field("field_room_id", this.room),
      make("h3", "", say("panel_people")), this.people, this.peopleFault, this.search.element,
      this.talks.element, links,
    );
  }

  #field(label, input, ...more) {
    const field = make("div", "field");
    field.append(make("label", "", say(label), { for: input.id }), input, ...more);
    return field;
  }

  #key(id = this.id, name = "title") {
    return `${id} ${name}`;
  }

  // Shows the one session that is chosen; none, or several, close the panel.
  follow() {
    const id = this.selection.ids.size === 1 ? [...this.selection.ids][0] : null;
    const session = this.store.sessions.get(id);
    this.root.hidden = !session;
    if (!session) {
      this.id = null;
      return;
    }
    if (!this.heading) this.#build();
    this.id = id;
    const place = this.store.place(id);
    const locked = this.#locked();
    write(this.where, place.at === null ? say("tray") : `${this.store.dayOf(place.at)?.name ?? ""} ${this.store.span(place)}`);
    this.#tell(this.outside, this.store.mayEdit && !this.store.isOpen(id) ? say("outside_tracks", { title: session.title }) : "");
    this.#showTitle(session, locked);
    this.#showRoom(place, locked || Boolean(session.pinned));
    this.#showPeople(locked);
    this.talks.show(id);
    this.form.href = `/staff/programme/session/${id}/edit`;
    this.history.href = `${this.net.base}/history?session=${id}`;
  }

  #showTitle(session, locked) {
    const entry = this.typed.get(this.#key());
    const value = entry?.value ?? session.title;
    if (this.title.value !== value) this.title.value = value;
    this.title.readOnly = locked;
    this.#tell(this.fault, entry?.error);
    this.title.setAttribute("aria-invalid", String(Boolean(entry?.error)));
  }

  #tell(element, text) {
    write(element, text ?? "");
    element.hidden = !text;
  }

  #showRoom(place, locked) {
    const state = JSON.stringify(this.store.rooms.map((one) => [one.id, one.name]));
    if (state !== this.rooms) {
      this.rooms = state;
      const choices = [["", say("no_room")], ...this.store.rooms.map((one) => [one.id, one.name])];
      this.room.replaceChildren(...choices.map(([value, text]) => make("option", "", text, { value })));
    }
    if (document.activeElement !== this.room) this.room.value = place.room ?? "";
    this.room.disabled = locked;
  }

  #peopleNow() {
    return this.typed.get(this.#key(this.id, "people"))?.value ?? this.store.sessions.get(this.id).people;
  }

  #showPeople(locked) {
    const people = this.#peopleNow();
    const error = this.typed.get(this.#key(this.id, "people"))?.error;
    const state = JSON.stringify([this.id, people, error, locked]);
    this.search.input.readOnly = locked;
    this.search.role.disabled = locked;
    if (state === this.peopleShown) return;
    this.peopleShown = state;
    const out = (index) => this.#writePeople(people.filter((_, at) => at !== index), say("person_gone", { name: people[index][1] }));
    const list = peopleList(people, (role) => this.store.roles[role], out);
    for (const one of list.querySelectorAll("button")) one.disabled = locked;
    const had = this.people.contains(document.activeElement);
    this.people.replaceChildren(people.length ? list : make("p", "soft", say("people_nobody")));
    if (had) this.search.input.focus();
    this.#tell(this.peopleFault, error);
  }

  #writePeople(people, told) {
    if (this.#locked()) {
      this.live.speak(say("offline"));
      return;
    }
    this.typed.set(this.#key(this.id, "people"), { value: people, isSent: true });
    this.live.speak(told);
    this.save.write(this.id, { act: "edit", session: this.id, people: people.map(([who, , role]) => [who, role]) });
    this.follow();
  }

  #commitTitle(id) {
    const entry = this.typed.get(this.#key(id));
    // What was refused is sent again once it is another.
    if (!entry || entry.isSent || entry.error) return;
    if (entry.value === this.store.sessions.get(id)?.title) this.typed.delete(this.#key(id));
    else if (this.#locked()) this.live.speak(say("offline"));
    else {
      Object.assign(entry, { isSent: true, error: null });
      this.save.write(id, { act: "edit", session: id, title: entry.value });
    }
  }

  // Another room is a move, with all that a move is checked for.
  #move() {
    const place = this.store.place(this.id);
    const room = this.room.value === "" ? null : Number(this.room.value);
    if (room !== place.room) this.save.put(new Map([[this.id, { ...place, room }]]));
  }

  #pressed(event) {
    const isTitle = event.target === this.title;
    if (event.key === "Enter" && isTitle) this.#commitTitle(this.id);
    else if (event.key === "Escape" && isTitle && this.typed.has(this.#key()) && !this.typed.get(this.#key()).isSent) this.#restore();
    else if (event.key === "Escape") this.grid.reveal(this.id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #restore() {
    this.typed.delete(this.#key());
    this.follow();
    this.live.speak(say("title_restored"));
  }

  focus() {
    this.follow();
    this.title.focus();
    this.title.select();
  }

  // What became of an edit that was sent from here.
  saved(edit) {
    const { session: id, act } = edit.act;
    if (act === "talks") this.talks?.saved(id);
    for (const name of ["title", "people"]) {
      const entry = this.typed.get(this.#key(id, name));
      if (entry?.isSent && name in edit.act && isSame(name, entry.value, edit.act[name])) this.typed.delete(this.#key(id, name));
    }
  }

  // Theirs was chosen, and takes the place of what was typed.
  theirs(edit) {
    const { session: id } = edit.act;
    if (edit.act.act === "talks") this.talks?.forget(id);
    for (const name of ["title", "people"]) if (name in edit.act) this.typed.delete(this.#key(id, name));
    this.follow();
  }

  // Answers whether what was typed stays here with its reason.
  refused(edit, told) {
    const { session: id, act } = edit.act;
    if (!this.heading) this.#build();
    const text = [told.detail ?? say("refused"), ...(told.conflicts ?? []).map((one) => one.text)].join(" ");
    const title = this.store.sessions.get(id)?.title ?? "";
    this.live.speak(text);
    let isKept = false;
    if (act === "talks") isKept = this.talks.refused(id, { ...told, text }, edit.act);
    for (const name of ["title", "people"]) {
      if (!(name in edit.act)) continue;
      const key = this.#key(id, name);
      const entry = this.typed.get(key);
      // What was typed on meanwhile is another title, and not refused.
      if (name === "title" && entry && !entry.isSent && entry.value !== edit.act.title) continue;
      // A list of people was chosen, not typed: who it could not have is said, and the list is as it was.
      this.typed.set(key, { value: name === "title" ? edit.act.title : undefined, error: text, isSent: name === "people" });
      isKept = true;
    }
    if (isKept && id !== this.id) this.live.alarm("refused", `${title}: ${text}`, [say("show_it"), () => this.#showAgain(id)]);
    this.follow();
    return isKept;
  }

  #showAgain(id) {
    this.live.calm("refused");
    this.selection.only(id);
    this.focus();
  }

  // The connection is back: what was left unsent is sent.
  joined() {
    for (const [key, entry] of this.typed) if (!entry.isSent && !entry.error) this.#commitTitle(Number(key.split(" ")[0]));
    for (const id of this.talks?.typed.keys() ?? []) this.talks.commit(id);
    this.follow();
  }
}

// Typed on meanwhile, it is not what was sent.
function isSame(name, value, sent) {
  return name === "title" ? value === sent : JSON.stringify((value ?? []).map(([who, , role]) => [who, role])) === JSON.stringify(sent);
}
