// Gestures of many: swap two, push what follows, lengthen a break for all, move a room or a track, copy a day's frame.
// The server reckons them; here it is said before how many sessions move.
import { button, counted, make, say, write } from "./schedule_dom.js";

export class Bulk {
  constructor({ page, store, selection, save, live, options }) {
    Object.assign(this, { store, selection, save, live, options });
    this.dialog = page.querySelector("#schedule-bulk");
    this.bar = page.querySelector("#schedule-chosen-acts");
    page.querySelector("#schedule-more").addEventListener("click", () => this.#open(store.ownTracks ? ["track"] : ["room", "track", "copy"]));
  }

  // What can be done with those that are chosen.
  paint() {
    const ids = [...this.selection.ids];
    const sessions = ids.map((id) => this.store.sessions.get(id));
    const state = `${ids.join(",")} ${sessions.map((one) => one.kind)} ${sessions.map((one) => this.store.place(one.id).at === null)}`;
    if (state === this.shown) return;
    this.shown = state;
    const areScheduled = ids.every((id) => this.store.place(id).at !== null);
    const acts = [];
    if (ids.length === 2 && areScheduled) acts.push(this.#act("swap", () => this.#send({ act: "swap", first: ids[0], second: ids[1] })));
    // What follows, and all that a break meets, is of any track.
    const isWide = !this.store.ownTracks;
    if (isWide && ids.length === 1 && areScheduled) acts.push(this.#act("push", () => this.#open(["push"])));
    if (isWide && ids.length === 1 && areScheduled && sessions[0].kind === "break") acts.push(this.#act("lengthen", () => this.#open(["lengthen"])));
    this.bar.replaceChildren(...acts);
  }

  #act(name, act) {
    return button(say(name), "second", act);
  }

  #send(gesture) {
    if (this.options.isCut()) this.live.speak(say("offline"));
    else this.save.gesture("steps", gesture);
  }

  // A form with what the gesture needs; with several kinds, a choice of them first.
  #open(kinds) {
    const form = make("form", "", "", { method: "dialog" });
    const title = make("h2", "", kinds.length > 1 ? say("many_at_once") : say(kinds[0]), { id: "schedule-bulk-title" });
    this.fields = {};
    form.append(title);
    if (kinds.length > 1) form.append(this.#select("kind", "what", kinds.map((kind) => [kind, say(kind)])));
    form.append(
      this.#select("room", "field_room_id", this.store.rooms.map((one) => [one.id, one.name])),
      this.#select("to_room", "to_room", [["", say("same_room")], ...this.store.rooms.map((one) => [one.id, one.name])]),
      this.#select("track", "field_track", [...this.store.tracks.values()].filter((one) => this.store.ownTracks?.has(one.id) ?? true).map((one) => [one.id, one.name])),
      this.#select("day", "field_day", this.store.days.map((one) => [one.day, one.name])),
      this.#select("to_day", "to_day", this.store.days.map((one) => [one.day, one.name])),
      this.#minutes(),
    );
    this.fields.day.value = this.options.day() ?? this.store.days[0]?.day;
    this.told = make("p", "", "", { role: "status" });
    const acts = make("div", "actions");
    this.go = make("button", "", say("do_it"), { type: "submit" });
    acts.append(this.go, button(say("cancel"), "second", () => this.dialog.close()));
    form.append(this.told, acts);
    form.addEventListener("input", () => this.#follow(kinds));
    form.addEventListener("submit", () => this.#send(this.#gesture(kinds)));
    this.dialog.replaceChildren(form);
    this.#follow(kinds);
    this.dialog.showModal();
  }

  #field(name, label, input) {
    const field = make("div", "field");
    input.id = `schedule-bulk-${name}`;
    field.append(make("label", "", say(label), { for: input.id }), input);
    this.fields[name] = input;
    return field;
  }

  #select(name, label, entries) {
    const select = make("select");
    for (const [value, text] of entries) select.append(make("option", "", text, { value }));
    return this.#field(name, label, select);
  }

  #minutes() {
    const input = make("input", "w-4", "", { type: "number", step: "5", min: "-1440", max: "1440", value: "15", required: "" });
    return this.#field("minutes", "later_minutes", input);
  }

  #kind(kinds) {
    return kinds.length > 1 ? this.fields.kind.value : kinds[0];
  }

  // Shows the fields that the kind has, and says how many sessions would move.
  #follow(kinds) {
    const kind = this.#kind(kinds);
    const wanted = { room: ["room", "to_room", "day", "minutes"], track: ["track", "day", "minutes"], copy: ["day", "to_day"] }[kind] ?? ["minutes"];
    for (const [name, input] of Object.entries(this.fields)) {
      const isShown = name === "kind" || wanted.includes(name);
      input.parentNode.hidden = !isShown;
      input.disabled = !isShown;
    }
    const count = this.#moved(kind).length;
    write(this.told, counted(kind === "copy" ? "adds_one" : "moves_one", kind === "copy" ? "adds" : "moves", count));
    this.go.disabled = !count;
  }

  #number(name) {
    return Number(this.fields[name].value);
  }

  #gesture(kinds) {
    const [session] = this.selection.ids;
    const day = this.fields.day.value;
    const minutes = this.#number("minutes");
    return {
      push: () => ({ act: "push", session, minutes }),
      lengthen: () => ({ act: "lengthen break", session, minutes }),
      room: () => ({ act: "shift room", room: this.#number("room"), to_room: this.#number("to_room") || null, day, minutes }),
      track: () => ({ act: "shift track", track: this.#number("track"), day, minutes }),
      copy: () => ({ act: "copy frame", day, to_day: this.fields.to_day.value }),
    }[this.#kind(kinds)]();
  }

  // The ids that the server would move, as conference/programme/gestures.py reckons it.
  #moved(kind) {
    const all = [...this.store.sessions.values()].map((one) => ({ ...one, ...this.store.place(one.id) })).filter((one) => one.at !== null);
    const day = this.fields.day.value;
    const on = (one) => this.store.dayOf(one.at)?.day === day;
    const rooms = [this.#number("room"), this.#number("to_room")];
    const isStill = !this.#number("minutes") && (!rooms[1] || rooms[0] === rooms[1]);
    if (kind === "copy") return day === this.fields.to_day.value ? [] : all.filter(on);
    if (kind === "room") return isStill ? [] : all.filter((one) => on(one) && rooms.includes(one.room));
    if (!this.#number("minutes")) return [];
    if (kind === "track") return all.filter((one) => on(one) && one.track === this.#number("track"));
    return kind === "push" ? this.#pushed(all) : this.#lengthened(all);
  }

  #pushed(all) {
    const first = all.find((one) => this.selection.ids.has(one.id));
    const day = this.store.dayOf(first.at);
    const later = all.filter((one) => one.id !== first.id && one.room === first.room && one.at >= first.at && this.store.dayOf(one.at) === day);
    later.sort((one, other) => one.at - other.at);
    const moved = [first];
    let by = this.#number("minutes");
    let free = first.at + first.minutes + by;
    for (const one of later) {
      by = Math.min(by, free - one.at);
      if (by <= 0) break;
      moved.push(one);
      free = Math.max(free, one.at + one.minutes + by);
    }
    return moved;
  }

  #lengthened(all) {
    const pause = all.find((one) => this.selection.ids.has(one.id));
    const day = this.store.dayOf(pause.at);
    const isSame = (one) => one.kind === "break" && one.at === pause.at && one.minutes === pause.minutes;
    return all.filter((one) => this.store.dayOf(one.at) === day && (isSame(one) || one.at >= pause.at + pause.minutes));
  }
}
