// Where what is held may land: painted on the columns by pattern and word, and told for the slot under it.
import { make, say } from "./schedule_dom.js";

const LOW_PX = 18;

export class Heat {
  constructor({ net, store, grid }) {
    Object.assign(this, { net, store, grid, told: null });
  }

  // Asks for the session's heat, or how long it may last; what is put down meanwhile needs none any more.
  async show(id, step, ready, isLength = false) {
    this.clear();
    this.wanted = id;
    const { status, told } = await this.net.get(`heat/${id}?step=${step}${isLength ? "&of=length" : ""}`);
    if (status !== 200 || this.wanted !== id) return;
    this.told = told;
    this.#paint();
    ready();
  }

  clear() {
    this.wanted = null;
    this.told = null;
    for (const field of this.grid.fields) field.heat.replaceChildren();
  }

  // {level, text} of a place: 0 free, 1 warns, 2 blocks publishing, 3 may not; null where nothing is known.
  at(place) {
    if (!this.told || place.at === null || place.room === null) return null;
    const number = Math.floor((place.at - this.told.from) / this.told.step);
    const levels = this.told.levels[place.room];
    if (!levels || number < 0 || number >= levels.length) return null;
    const level = Number(levels[number]);
    return { level, text: level ? `${this.#kinds(place.room, number)} – ${levelWord(level)}.` : say("free") };
  }

  // The same of the length that a place has: told by the slot in which it ends.
  until(place) {
    const found = this.at({ ...place, at: place.at === null ? null : place.at + place.minutes - 1 });
    return found && !found.level ? { level: 0, text: say("free_until") } : found;
  }

  #kinds(room, number) {
    let found = [];
    for (const [first, kinds] of this.told.kinds[room]) {
      if (first > number) break;
      found = kinds;
    }
    return found.map((kind) => this.told.words[kind]).join(", ");
  }

  #paint() {
    const { layout, fields } = this.grid;
    for (const field of fields) {
      const strips = [];
      this.store.rooms.forEach((room, index) => {
        if (!this.told.levels[room.id]) return;
        for (const [first, last, level] of this.#runs(field.day, room.id)) strips.push(this.#strip(field, room.id, index, first, last, level, layout));
      });
      field.heat.replaceChildren(...strips);
    }
  }

  // Stretches of one level and one reason within the day, free ones left out.
  *#runs(day, room) {
    const { from, step, levels } = this.told;
    const begin = Math.max(0, Math.ceil((day.from - from) / step));
    const end = Math.min(levels[room].length, Math.ceil((day.to - from) / step));
    const cuts = new Set(this.told.kinds[room].map(([first]) => first));
    let first = begin;
    for (let number = begin + 1; number <= end; number += 1) {
      if (number < end && levels[room][number] === levels[room][first] && !cuts.has(number)) continue;
      const level = Number(levels[room][first]);
      if (level) yield [first, number, level];
      first = number;
    }
  }

  #strip(field, room, index, first, last, level, layout) {
    const strip = make("div", `s-slot level-${level}`);
    const minutes = this.told.from + first * this.told.step;
    const height = (last - first) * this.told.step * layout.perMinute;
    strip.style.left = `${index * layout.column}px`;
    strip.style.width = `${layout.column}px`;
    strip.style.top = `${(minutes - field.day.from) * layout.perMinute}px`;
    strip.style.height = `${height}px`;
    if (height >= LOW_PX) strip.append(make("span", "", `${this.#kinds(room, first)} – ${levelWord(level)}`));
    return strip;
  }
}

export function levelWord(level) {
  return say(["free", "warns", "blocks_publishing", "blocks_move"][level]);
}
