// Edits on their way: one at a time, each with its own key, so that one that is sent twice is done once. What cannot be
// saved stays, loudly, and is tried again; it also outlives a reload of the page.
import { randomKey, say } from "./schedule_dom.js";

const PAUSES_S = [1, 2, 4, 8, 15, 30];
const KEPT = "conference-schedule-unsaved";

export class Save {
  // `ask` shows both values of a conflict and answers whether mine is put again; `cut` says that the network is away,
  // `reload` reads the draft anew.
  constructor({ net, store, live, ask, cut, reload }) {
    Object.assign(this, { net, store, live, ask, cut, reload, queue: [], failures: 0, halted: false });
    addEventListener("beforeunload", (event) => {
      if (this.queue.length) event.preventDefault();
    });
  }

  // Puts sessions at places: Map id → {at, room, minutes}. Shown at once.
  // `seen` holds the revisions that the editor had before their eyes when they took the sessions up.
  put(places, seenThen = new Map()) {
    const seen = {};
    for (const id of places.keys()) seen[id] = seenThen.get(id) ?? this.store.seen(id);
    const edit = { key: randomKey(), path: "steps", act: { act: "put" }, places, seen };
    this.store.addPending(edit);
    this.#enqueue(edit);
  }

  // What is written in the panel: a title, people, or talks of one session. Shown by the panel, which is told the outcome.
  write(id, act) {
    this.#enqueue({ key: randomKey(), path: "steps", act, of: id, seen: { [id]: this.store.seen(id) } });
  }

  // A gesture that the server reckons, or undo and redo: shown once it is answered.
  gesture(path, act = {}) {
    this.#enqueue({ key: randomKey(), path, act });
  }

  get isIdle() {
    return this.queue.length === 0;
  }

  #enqueue(edit) {
    this.queue.push(edit);
    this.#remember();
    this.#run();
  }

  // Takes up what an earlier load of this page could not save.
  restore() {
    let found = [];
    try {
      found = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
    } catch {
      // Nothing readable was kept.
    }
    for (const kept of found) {
      const places = kept.places && new Map(kept.places.filter(([id]) => this.store.sessions.has(id)));
      if (places && !places.size) continue;
      if (kept.of && !this.store.sessions.has(kept.of)) continue;
      const edit = { ...kept, places };
      if (places) this.store.addPending(edit);
      this.queue.push(edit);
    }
    if (this.queue.length) {
      this.live.speak(say("restored"));
      this.#run();
    }
  }

  #remember() {
    const plain = this.queue.map((edit) => ({ ...edit, places: edit.places && [...edit.places] }));
    try {
      sessionStorage.setItem(KEPT, JSON.stringify(plain));
    } catch {
      // The edits are still on the page.
    }
  }

  retry() {
    clearTimeout(this.timer);
    this.timer = null;
    this.#run();
  }

  async #run() {
    if (this.running || this.halted || this.timer) return;
    this.running = true;
    while (this.queue.length && !this.halted && !this.timer) {
      this.live.saved(say("saving"));
      const edit = this.queue[0];
      const answer = await this.net.post(edit.path, this.#body(edit));
      await this.#take(edit, answer);
      this.#remember();
    }
    this.running = false;
    if (!this.queue.length) this.live.saved(say("saved"));
    else this.live.saved(say("not_saved", { count: this.queue.length }));
  }

  #body(edit) {
    const body = { ...edit.act, key: edit.key, revision: this.store.revision };
    if (edit.places) {
      body.placements = [...edit.places].map(([id, place]) => ({ session: id, room: place.room, at: place.at, minutes: place.minutes }));
      body.seen = edit.seen;
    } else if (edit.of) body.seen = edit.seen;
    else if (edit.path === "steps") {
      body.seen = Object.fromEntries([...this.store.sessions.values()].map((one) => [one.id, one.revision]));
    }
    return body;
  }

  async #take(edit, { status, told, wait }) {
    if (status === 200) await this.#saved(edit, told);
    else if (status === 0 || status === 429 || status >= 500) this.#failed(status, wait);
    else if (status === 401 || status === 403) this.stale(told);
    else if (status === 409 && told.theirs) await this.#conflicting(edit, told);
    else this.#refused(edit, told);
  }

  async #saved(edit, told) {
    this.failures = 0;
    this.live.calm("unsaved");
    this.queue.shift();
    if (told.all) await this.reload();
    else this.store.apply(told);
    if (edit.places) this.store.removePending(edit);
    if (edit.of) this.#written(edit);
    const step = told.steps?.find((one) => one.by === this.store.me);
    if (edit.path !== "steps" && step) this.live.speak(say("done", { act: step.act }));
  }

  // Later edits of the session did not know that this one would raise its revision.
  #written(edit) {
    const raised = (this.store.sessions.get(edit.of)?.revision ?? 0) - edit.seen[edit.of];
    for (const later of this.queue) if (later.seen && edit.of in later.seen) later.seen[edit.of] += raised;
    this.panel?.saved(edit);
    this.live.speak(say("written", { title: this.store.sessions.get(edit.of)?.title ?? "" }));
  }

  #failed(status, wait) {
    const seconds = Math.max(wait, PAUSES_S[Math.min(this.failures, PAUSES_S.length - 1)]);
    this.failures += 1;
    if (status === 0) this.cut();
    const text = say(status === 0 ? "unreachable" : "server_fails", { seconds, count: this.queue.length });
    this.live.alarm("unsaved", text, [say("try_now"), () => this.retry()]);
    this.timer = setTimeout(() => this.retry(), seconds * 1000);
  }

  // The page is older than the sign-in: nothing of it is taken any more.
  stale(told = {}) {
    this.halted = true;
    this.live.alarm("stale", told.detail ?? say("stale_page"), [say("load_again"), () => this.loadAgain()]);
  }

  // The edits are kept beside the page, which takes them up again.
  loadAgain() {
    this.#remember();
    this.queue = [];
    location.reload();
  }

  async #conflicting(edit, told) {
    // Both wrote the same, or something else: there is nothing to choose.
    const isMine = !Object.keys(told.theirs).length || (await this.ask(edit, told));
    await this.reload();
    if (!isMine) {
      this.#drop(edit);
      if (edit.of) this.panel?.theirs(edit);
      this.live.speak(say("theirs_kept"));
      return;
    }
    if (edit.of) {
      this.#again(edit);
      return;
    }
    this.queue.shift();
    if (!edit.places) {
      // The server reckons the gesture anew, upon the revisions that were read just now.
      this.queue.unshift({ ...edit, key: randomKey() });
      return;
    }
    const places = new Map([...edit.places].filter(([id]) => this.store.sessions.has(id)));
    const again = { ...edit, key: randomKey(), places, seen: {} };
    for (const id of places.keys()) again.seen[id] = this.store.sessions.get(id).revision;
    this.store.removePending(edit);
    if (!places.size) return;
    this.store.addPending(again);
    this.queue.unshift(again);
    this.#follow(again, 1);
  }

  // Mine is put upon what is there now; a talk that the other has taken out comes as a new one.
  #again(edit) {
    this.queue.shift();
    const session = this.store.sessions.get(edit.of);
    if (!session) return;
    const act = { ...edit.act };
    if (act.act === "talks") {
      const ids = new Set(session.talks.map((one) => one.id));
      act.talks = act.talks.map((one) => ({ ...one, id: ids.has(one.id) ? one.id : null }));
      act.talks_seen = session.talks.map((one) => [one.id, one.revision]);
    }
    this.queue.unshift({ ...edit, act, key: randomKey(), seen: { [edit.of]: session.revision } });
  }

  // Later edits of the same session were made upon this one.
  #follow(edit, by) {
    for (const later of this.queue) {
      if (later === edit || !later.places) continue;
      for (const id of later.places.keys()) if (id in (edit.seen ?? {})) later.seen[id] = edit.seen[id] + by;
    }
  }

  #drop(edit) {
    this.queue.shift();
    if (!edit.places) return;
    this.#follow(edit, 0);
    this.store.removePending(edit);
  }

  // It cannot be done: the sessions are where they were, and the reason stays until it is read.
  #refused(edit, told) {
    this.#drop(edit);
    if (edit.of && this.panel?.refused(edit, told)) {
      this.reload();
      return;
    }
    const reasons = [told.detail ?? say("refused"), ...(told.conflicts ?? []).map((one) => one.text)];
    this.live.alarm("refused", reasons.join(" "), [say("understood"), () => this.live.calm("refused")]);
    this.reload();
  }
}
