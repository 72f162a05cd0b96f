// What the page knows: the draft as the server told it last, and on top of it the edits that are still on their way.
// Times are minutes since 1970 in UTC. It touches no element, and speaks by the event "change".

// The worst first. A missing disclosure of interests blocks a final version only, and does not drown what blocks any.
const SEVERITIES = ["block move", "block publishing", "warn", "block final"];
const EMPTY = { title: "", kind: "", minutes: 0, room: null, track: null, people: [], talks: [] };

export class Store extends EventTarget {
  constructor() {
    super();
    this.revision = 0;
    this.etag = "";
    this.sessions = new Map();
    this.pending = [];
    this.conflicts = [];
    this.days = [];
    this.here = [];
    this.clockAt = new Map();
  }

  // Takes the whole draft.
  load(told) {
    Object.assign(this, {
      mayEdit: told.may_edit, ownTracks: told.own_tracks && new Set(told.own_tracks), me: told.me, rooms: told.rooms, kinds: told.kinds, roles: told.roles,
      snaps: told.snaps, talkRoles: told.talk_roles, conflictWords: told.conflict_words, tracks: new Map(told.tracks.map((one) => [one.id, one])),
    });
    this.roomIndex = new Map(told.rooms.map((room, index) => [room.id, index]));
    this.sessions = new Map(told.sessions.map((one) => [one.id, { ...EMPTY, ...one }]));
    this.#takeSight(told);
    this.#changed(true);
  }

  // Whether its reader may edit the session: who is limited to tracks edits those of these alone.
  isOpen(id) {
    const session = this.sessions.get(id);
    return this.mayEdit && (!this.ownTracks || !session || this.ownTracks.has(session.track));
  }

  // Takes what became of the draft since a revision that the page has had. What is older than the page is left alone:
  // another answer, which overtook it, has told all of it.
  apply(told) {
    if (told.revision < this.revision) return;
    for (const one of told.sessions) this.sessions.set(one.id, { ...EMPTY, ...one });
    for (const id of told.gone) this.sessions.delete(id);
    this.#takeSight(told);
    this.#changed(false);
  }

  #takeSight(told) {
    this.revision = told.revision;
    // The server's clock beside the device's: minutes to add.
    this.clockIs = told.now - Date.now() / 60000;
    this.conflicts = told.conflicts.map(ranked).sort((one, other) => one.rank - other.rank);
    this.undo = told.undo;
    this.redo = told.redo;
    this.here = told.here;
    this.days = told.days;
    for (const day of told.days) for (const [minutes, text] of day.marks) this.clockAt.set(minutes, text);
    this.conflictsOf = new Map();
    for (const conflict of this.conflicts) {
      for (const id of conflict.sessions) {
        if (!this.conflictsOf.has(id)) this.conflictsOf.set(id, []);
        this.conflictsOf.get(id).push(conflict);
      }
    }
  }

  #changed(isAll) {
    this.dispatchEvent(new CustomEvent("change", { detail: { isAll } }));
  }

  addPending(edit) {
    this.pending.push(edit);
    this.#changed(false);
  }

  removePending(edit) {
    this.pending = this.pending.filter((one) => one !== edit);
    this.#changed(false);
  }

  // Where the session stands as the page shows it, edits that are not saved yet included.
  place(id) {
    for (let number = this.pending.length - 1; number >= 0; number -= 1) {
      const found = this.pending[number].places?.get(id);
      if (found) return found;
    }
    const session = this.sessions.get(id);
    return session ? { at: session.at, room: session.room, minutes: session.minutes } : null;
  }

  isUnsaved(id) {
    return this.pending.some((edit) => edit.places?.has(id));
  }

  // The revision that a new edit of the session is made upon: an earlier edit on its way raises it by one.
  seen(id) {
    const before = this.pending.findLast((edit) => edit.places?.has(id) && edit.seen);
    return before ? before.seen[id] + 1 : this.sessions.get(id).revision;
  }

  // As the clock in Stockholm shows it. The server wrote each half hour down, so no script reckons with zones.
  clock(minutes) {
    const rest = minutes % 30;
    const mark = this.clockAt.get(minutes - rest);
    if (!mark) return `${new Date(minutes * 60000).toISOString().slice(11, 16)} UTC`;
    const [hours, half] = mark.split(":");
    return `${hours}:${String(Number(half) + rest).padStart(2, "0")}`;
  }

  span(place) {
    return `${this.clock(place.at)}–${this.clock(place.at + place.minutes)}`;
  }

  isPast(at) {
    return at < Date.now() / 60000 + this.clockIs;
  }

  dayOf(at) {
    return this.days.find((day) => day.from <= at && at < day.to) ?? null;
  }

  roomName(id) {
    return this.rooms[this.roomIndex.get(id)]?.name ?? "";
  }

  // The worst severity of the session's conflicts, null for none.
  severity(id) {
    return this.conflictsOf.get(id)?.[0].severity ?? null;
  }

  people(session) {
    return [...new Set(session.people.map(([, name]) => name))].join(", ");
  }
}

function ranked(conflict) {
  const isFinal = conflict.kind === "disclosure missing" && conflict.severity !== "warn";
  const severity = isFinal ? "block final" : conflict.severity;
  return { ...conflict, severity, rank: SEVERITIES.indexOf(severity) };
}
