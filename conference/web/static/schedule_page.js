// The schedule's editor: reads the draft, draws it, and lets the other modules meet.
import { Bulk } from "./schedule_bulk.js";
import { Choice } from "./schedule_choice.js";
import { Conflicts } from "./schedule_conflicts.js";
import { button, keep, kept, make, randomKey, say, setWords, write } from "./schedule_dom.js";
import { Grid } from "./schedule_grid.js";
import { Heat } from "./schedule_heat.js";
import { Hold } from "./schedule_hold.js";
import { Keys } from "./schedule_keys.js";
import { Live } from "./schedule_live.js";
import { Net } from "./schedule_net.js";
import { Panel } from "./schedule_panel.js";
import { Pointer } from "./schedule_pointer.js";
import { Save } from "./schedule_save.js";
import { Search } from "./schedule_search.js";
import { Selection } from "./schedule_select.js";
import { Store } from "./schedule_store.js";
import { Sync } from "./schedule_sync.js";

const page = document.getElementById("schedule");
const find = (name) => page.querySelector(`#schedule-${name}`);
const tab = randomKey();
const store = new Store();
const net = new Net(page.dataset.base, page.dataset.token);
const live = new Live(page);
let day = kept("day", "");
let snap = Number(kept("snap", "5"));
let hour = Number(kept("hour", "120"));

const options = {
  tab,
  day: () => day || store.days[0]?.day,
  showDay,
  snap: () => snap,
  perMinute: () => hour / 60,
  isCut: () => sync.isCut,
  reverse,
  toTray,
  edit: (id) => { selection.only(id); panel.focus(); },
  painted: () => search?.mark(),
  ended: () => paintSoon(),
};
const grid = new Grid(page, store, options);
const selection = new Selection(grid);
const choice = new Choice({ page, store });
const sync = new Sync({ net, store, live, tab, session: () => (selection.ids.size ? [...selection.ids].at(-1) : selection.current) });
const save = new Save({ net, store, live, ask: askBoth, cut: () => sync.cut(), reload: () => sync.load() });
const heat = new Heat({ net, store, grid });
const hold = new Hold({ store, grid, live, heat, save, options });
const conflicts = new Conflicts({ page, store, grid, selection });
const bulk = new Bulk({ page, store, selection, save, live, options });
const panel = new Panel({ page, store, grid, selection, save, live, net, options });
save.panel = panel;
const search = new Search({ page, store, grid, selection, live });

// A question in the middle of a drag would be answered by accident.
async function askBoth(edit, told) {
  while (hold.isOn) await new Promise((resolve) => setTimeout(resolve, 200));
  return choice.ask(edit, told);
}

let isSoon = false;
function paintSoon() {
  if (isSoon) return;
  isSoon = true;
  requestAnimationFrame(() => {
    isSoon = false;
    paint();
  });
}

function paint() {
  grid.paint();
  selection.follow(store);
  conflicts.paint();
  hold.follow();
  panel.follow();
  paintActs();
  paintHere();
}

function paintActs() {
  for (const way of ["undo", "redo"]) {
    const act = store[way];
    const element = find(way);
    element.disabled = !act || !store.mayEdit;
    write(element, act ? say(`${way}_act`, { act }) : say(way));
  }
  const count = selection.ids.size;
  const bar = find("chosen");
  bar.hidden = !count || ![...selection.ids].every((id) => store.isOpen(id));
  write(bar.firstElementChild, say("chosen", { count }));
  if (count) bulk.paint();
  find("more").disabled = !store.mayEdit || store.ownTracks?.size === 0;
}

function paintHere() {
  const names = new Set(store.here.filter((one) => one.tab !== tab).map((one) => (one.who === store.me ? say("you_elsewhere") : one.name)));
  write(find("here"), names.size ? say("also_here", { names: [...names].join(", ") }) : "");
}

function paintDays() {
  const choices = [...store.days.map((one) => [one.day, one.short, one.name]), ["all", say("all_days")]];
  find("days").replaceChildren(...choices.map(([value, label, title]) => {
    const element = button(label, "second", () => showDay(value));
    const isShown = value === "all" ? !store.days.some((one) => one.day === options.day()) : value === options.day();
    if (title) element.title = title;
    element.setAttribute("aria-pressed", String(isShown));
    return element;
  }));
}

function showDay(value) {
  day = value;
  keep("day", value);
  paintDays();
  grid.build();
  paint();
}

function reverse(way) {
  if (hold.isOn || !store.mayEdit || !store[way]) return;
  if (options.isCut()) live.speak(say("offline"));
  else save.gesture(way);
}

function toTray(ids) {
  const scheduled = ids.filter((id) => store.place(id)?.at !== null);
  if (!scheduled.length || !hold.pick(scheduled, scheduled[0], "move", "button")) return;
  hold.toTray();
  hold.drop();
}

function choices(name, values, label, chosen, act) {
  const select = find(name);
  for (const value of values) {
    const option = make("option", "", label(value), { value });
    option.selected = value === chosen;
    select.append(option);
  }
  select.addEventListener("change", () => {
    keep(name, select.value);
    act(Number(select.value));
  });
}

async function start() {
  const answer = await sync.load();
  if (answer.status !== 200) {
    live.alarm("unread", answer.told.detail ?? page.dataset.unread, [page.dataset.again, () => location.reload()]);
    return;
  }
  setWords(answer.told.words);
  grid.build();
  paintDays();
  paint();
  store.addEventListener("change", paintSoon);
  selection.addEventListener("change", () => { paintActs(); panel.follow(); sync.hereSoon(); });
  selection.addEventListener("focus", () => sync.hereSoon());
  choices("snap", store.snaps, (value) => say("minutes", { count: value }), snap, (value) => { snap = value; });
  choices("hour", [72, 120, 180, 300], (value) => say(`hour_${value}`), hour, (value) => { hour = value; grid.build(); paint(); });
  for (const way of ["undo", "redo"]) find(way).addEventListener("click", () => reverse(way));
  find("to-tray").addEventListener("click", () => toTray([...selection.ids]));
  new Pointer({ page, grid, hold, selection, options });
  new Keys({ page, store, grid, hold, selection, live, save, options });
  sync.gone = () => save.stale();
  sync.joined = () => { save.retry(); panel.joined(); };
  sync.parted = () => panel.follow();
  page.dataset.ready = "yes";
  save.restore();
  sync.start();
  if (!showAsked()) scrollToFirst();
}

// An address that names a session, as /staff/schedule#session-12 does, shows it, chosen.
function showAsked() {
  const id = Number(location.hash.match(/^#session-(\d+)$/)?.[1]);
  if (!store.sessions.has(id)) return false;
  selection.only(id);
  grid.reveal(id);
  return true;
}

// The day begins where its first session does.
function scrollToFirst() {
  const [field] = grid.fields;
  const first = Math.min(...[...store.sessions.values()].map((one) => one.at).filter((at) => at !== null && field && at >= field.day.from));
  if (Number.isFinite(first)) grid.scroll.scrollTop = Math.max(0, (first - field.day.from - 15) * options.perMinute());
}

find("off").hidden = true;
find("on").hidden = false;
start();
