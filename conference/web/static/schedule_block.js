// A session as a block: title, time, room, people, track, and marks for pinned, conflicts and who is there.
import { counted, make, say, write } from "./schedule_dom.js";

// Severity by word, and by a shape that the style sheet draws: an octagon stops, a square waits, a triangle warns.
export function severityWord(severity) {
  return say({ "block move": "blocks_move", "block publishing": "blocks_publishing", warn: "warns", "block final": "blocks_final" }[severity]);
}

export class Block {
  constructor(id) {
    this.id = id;
    this.element = make("div", "s-block", "", { role: "option", "aria-selected": "false", tabindex: "-1" });
    this.element.dataset.id = id;
    this.title = make("strong", "s-title");
    this.when = make("span", "s-when");
    this.where = make("span", "s-where");
    this.track = make("span", "s-track");
    this.people = make("span", "s-people");
    this.marks = make("span", "s-marks");
    this.here = make("span", "s-here");
    this.edge = make("span", "s-edge");
    this.element.append(this.title, this.when, this.marks, this.where, this.track, this.people, this.here, this.edge);
    this.shown = "";
    this.boxed = "";
  }

  // Writes what differs from what is shown.
  show(store, session, place, here) {
    const severity = store.severity(this.id);
    const many = (store.conflictsOf.get(this.id) ?? []).length;
    const unsaved = store.isUnsaved(this.id);
    const state = [session.revision, place.at, place.room, place.minutes, severity, many, unsaved, here].join("|");
    if (this.shown === state && this.session === session) return;
    this.shown = state;
    this.session = session;
    const track = store.tracks.get(session.track);
    const element = this.element;
    element.className = element.className.replace(/ ?(track|kind)-[\w-]+/g, "");
    if (track) element.classList.add(`track-${track.colour}`);
    element.classList.add(`kind-${session.kind}`);
    element.classList.toggle("is-pinned", Boolean(session.pinned));
    element.classList.toggle("is-unsaved", unsaved);
    element.classList.toggle("is-outside", store.mayEdit && !store.isOpen(this.id));
    element.dataset.severity = severity ?? "";
    write(this.title, session.title);
    write(this.when, place.at === null ? say("minutes", { count: place.minutes }) : store.span(place));
    write(this.where, place.room === null ? "" : store.roomName(place.room));
    write(this.track, track?.name ?? store.kinds[session.kind] ?? "");
    write(this.people, store.people(session));
    write(this.here, here);
    this.marks.replaceChildren(...this.#marks(session, severity, many));
    element.setAttribute("aria-label", this.#label(store, session, place, severity, many, here, track));
  }

  #marks(session, severity, many) {
    const found = [];
    if (session.pinned) found.push(make("span", "s-pin", say("pinned")));
    if (severity) {
      const mark = make("span", "s-mark", severityWord(severity), { "data-severity": severity });
      mark.title = counted("conflict", "conflicts", many);
      found.push(mark);
    }
    return found;
  }

  #label(store, session, place, severity, many, here, track) {
    return [
      session.title,
      place.at === null ? `${say("tray")}, ${say("minutes", { count: place.minutes })}` : store.span(place),
      store.roomName(place.room),
      track?.name,
      store.people(session),
      session.pinned && say("pinned"),
      store.mayEdit && !store.isOpen(this.id) && say("to_look_at"),
      severity && `${counted("conflict", "conflicts", many)}: ${severityWord(severity)}`,
      here && say("is_here", { names: here }),
    ].filter(Boolean).join(", ");
  }

  put(box) {
    const boxed = box ? `${box.left} ${box.top} ${box.width} ${box.height}` : "";
    if (boxed === this.boxed) return;
    this.boxed = boxed;
    const style = this.element.style;
    for (const name of ["left", "top", "width", "height"]) style[name] = box ? `${box[name]}px` : "";
    // What has no room for a line is still there for the reader who hovers or listens.
    this.element.classList.toggle("is-low", Boolean(box) && box.height < 44);
    this.element.classList.toggle("is-flat", Boolean(box) && box.height < 24);
    this.element.classList.toggle("is-thin", Boolean(box) && box.width < 90);
  }
}
