"""Each module of the schedule's page by itself: what needs no server is asked of the module alone."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Demo, opened
from tests.browser.scheduling import TUMOURS, Desk

# Two sessions of one room, as the server tells a draft.
DRAFT = """
const told = {
  revision: 5, now: 1000, undo: null, redo: null, me: 1, may_edit: true, here: [], kinds: {}, roles: {}, talk_roles: [], conflict_words: {}, snaps: [5],
  rooms: [{ id: 7, name: "Aula" }, { id: 8, name: "Annexe" }], tracks: [{ id: 3, name: "Blood", colour: 2 }],
  days: [{ day: "2022-09-22", name: "Thursday", short: "Thu", from: 960, to: 1200, marks: [[960, "08:00"], [990, "08:30"], [1020, "09:00"]] }],
  sessions: [{ id: 1, revision: 4, title: "One", minutes: 60, at: 960, room: 7 }, { id: 2, revision: 9, title: "Two", minutes: 30, at: null }],
  conflicts: [
    { severity: "block publishing", kind: "disclosure missing", sessions: [1], text: "a", cure: "b" },
    { severity: "warn", kind: "chair missing", sessions: [1], text: "c", cure: "d" },
  ],
};
const store = new module.Store();
store.load(told);
"""


@pytest.fixture(scope="module")
def desk(shared_demo: Demo, browser: Browser, signed_in: list[dict[str, str]]) -> Iterator[Desk]:
    """One page for all: what a module is asked here changes nothing on it."""
    for page in opened(browser, "wide", "light"):
        page.context.add_cookies(signed_in)  # type: ignore[arg-type]  # the shape that cookies() answers
        yield Desk(page, shared_demo)


def test_layout_puts_side_by_side_what_overlaps(desk: Desk) -> None:
    found = desk.module(
        "schedule_layout.js",
        """
        const item = (id, at, minutes) => ({ id, at, minutes });
        const found = module.lanes([item(1, 0, 60), item(2, 30, 60), item(3, 60, 30), item(4, 90, 30)]);
        return [...found].map(([id, { lane, lanes }]) => [id, lane, lanes]);
        """,
    )
    # Touching is not overlapping: the third takes the first lane again, and the fourth is alone.
    assert sorted(found) == [[1, 0, 2], [2, 1, 2], [3, 0, 2], [4, 0, 1]]
    snaps = desk.module("schedule_layout.js", "return [module.snapped(7, 5), module.snapped(8, 5)];")
    assert snaps == [5, 10]


def test_layout_finds_the_slot_under_a_point(desk: Desk) -> None:
    found = desk.module(
        "schedule_layout.js",
        """
        const field = { day: { from: 600, to: 1200 }, left: 50, top: 20 };
        const layout = new module.Layout({ fields: [field], rooms: 2, column: 100, perMinute: 2 });
        const under = (x, y) => { const spot = layout.under(x, y); return spot && [spot.index, spot.at]; };
        return [under(60, 20), under(199, 140), under(10, 20), under(250, 20)];
        """,
    )
    assert found == [[0, 600], [1, 660], None, None]


def test_the_store_counts_revisions_on_over_own_edits(desk: Desk) -> None:
    found = desk.module(
        "schedule_store.js",
        DRAFT
        + """
        const before = store.seen(1);
        const edit = { places: new Map([[1, { at: 990, room: 8, minutes: 60 }]]), seen: { 1: 4 } };
        store.addPending(edit);
        const during = [store.seen(1), store.place(1).room, store.isUnsaved(1), store.seen(2)];
        store.removePending(edit);
        return [before, during, store.place(1).room];
        """,
    )
    assert found == [4, [5, 8, True, 9], 7]


def test_the_store_leaves_older_answers_alone(desk: Desk) -> None:
    found = desk.module(
        "schedule_store.js",
        DRAFT
        + """
        const answer = (revision, title) => ({ ...told, revision, gone: [], sessions: [{ id: 1, revision, title, at: 960, minutes: 60 }] });
        store.apply(answer(7, "Newer"));
        store.apply(answer(6, "Older"));
        const title = store.sessions.get(1).title;
        store.apply({ ...told, revision: 8, gone: [1], sessions: [] });
        return [title, store.sessions.has(1), store.revision];
        """,
    )
    assert found == ["Newer", False, 8]


def test_the_store_tells_times_and_the_worst_conflict(desk: Desk) -> None:
    found = desk.module(
        "schedule_store.js",
        DRAFT
        + "return [store.span({ at: 965, minutes: 50 }), store.severity(1), store.severity(2), store.isPast(999), store.isPast(1010)];",
    )
    # What blocks a final version only comes after what warns of any.
    assert found == ["08:05–08:55", "warn", None, True, False]


def test_a_sentence_is_filled_and_one_is_not_many(desk: Desk) -> None:
    found = desk.module(
        "schedule_dom.js",
        """
        module.setWords({ hello: "Hello {name}, {name} of {place}", one: "{count} thing", many: "{count} things" });
        return [module.say("hello", { name: "A" }), module.counted("one", "many", 1), module.counted("one", "many", 2), module.say("missing")];
        """,
    )
    assert found == ["Hello A, A of {place}", "1 thing", "2 things", "missing"]
    desk.open()  # with its own words


def test_what_is_passing_is_told_once(desk: Desk) -> None:
    desk.page.evaluate("document.querySelector('#schedule-spoken').textContent = ''")
    desk.module(
        "schedule_live.js",
        """
        const live = new module.Live(document.querySelector("#schedule"));
        live.speak("Picked.");
        for (const where of ["1", "2", "3"]) live.speak(where, true);
        """,
    )
    expect(desk.page.locator("#schedule-spoken")).to_have_text("Picked. 3")


def test_the_page_asks_again_after_two_seconds(desk: Desk) -> None:
    """So that what others do appears within three: the rest is the way there and back."""
    waits = desk.module(
        "schedule_sync.js",
        """
        const waits = [], real = window.setTimeout;
        window.setTimeout = (act, after) => waits.push(after);
        const net = { get: () => Promise.resolve({ status: 304 }) };
        const sync = new module.Sync({ net, store: { revision: 5 }, live: {}, tab: "", session: () => null });
        return sync.ask().then(() => { window.setTimeout = real; return waits; });
        """,
    )
    assert waits == [2000]


def test_a_request_that_fails_is_an_answer(desk: Desk) -> None:
    desk.page.route(
        "**/staff/schedule/x",
        lambda route: route.fulfill(status=200, body="<p>Sign in</p>", content_type="text/html"),
    )
    desk.page.route(
        "**/staff/schedule/y",
        lambda route: route.fulfill(
            status=409, body='{"detail": "No"}', content_type="application/problem+json"
        ),
    )
    found = desk.module(
        "schedule_net.js",
        """
        const net = new module.Net("/staff/schedule", "token");
        return Promise.all([net.get("x"), net.post("y", {})]).then((all) => all.map(({ status, told }) => [status, told.detail ?? null]));
        """,
    )
    desk.page.unroute("**/staff/schedule/x")
    desk.page.unroute("**/staff/schedule/y")
    assert found == [[403, None], [409, "No"]]


def test_a_block_says_all_that_it_shows(desk: Desk) -> None:
    block = desk.block(TUMOURS)
    expect(block.locator(".s-title")).to_have_text(TUMOURS)
    expect(block.locator(".s-when")).to_have_text("11:00–12:30")
    expect(block.locator(".s-mark")).to_have_text("Blocks a final version")
    expect(block.locator(".s-people")).not_to_have_text("")
    for words in (TUMOURS, "11:00–12:30", block.locator(".s-people").inner_text()):
        assert words in desk.told(TUMOURS)


def test_who_may_only_look_picks_nothing_up(desk: Desk) -> None:
    told = desk.module(
        "schedule_hold.js",
        """
        const said = [];
        const live = { speak: (text) => said.push(text), saved: () => {} };
        const hold = new module.Hold({ store: { mayEdit: false }, live, grid: {}, heat: {}, save: {}, options: { isCut: () => false } });
        return [hold.pick([1], 1, "move", "keys"), hold.isOn, said];
        """,
    )
    assert told == [False, False, ["You may look at the schedule, not edit it."]]


def test_a_title_is_text_and_stays_in_its_block(desk: Desk) -> None:
    title = "<b>\u202eשלום</b> " + "x" * 2000
    found = desk.module(
        "schedule_block.js",
        f"""
        const session = {{ id: 9, revision: 1, title: {json.dumps(title)}, kind: "panel", people: [], talks: [], track: null }};
        const store = {{
          severity: () => null, conflictsOf: new Map(), isUnsaved: () => false, tracks: new Map(), kinds: {{ panel: "Panel" }},
          span: () => "09:00–10:00", roomName: () => "Aula", people: () => "",
        }};
        const block = new module.Block(9);
        block.show(store, session, {{ at: 0, room: 1, minutes: 60 }}, "");
        block.put({{ left: 0, top: 0, width: 100, height: 60 }});
        document.querySelector(".s-list").append(block.element);
        const box = block.element.getBoundingClientRect();
        const answer = [block.title.textContent, block.title.children.length, box.width, box.height, getComputedStyle(block.title).unicodeBidi];
        block.element.remove();
        return answer;
        """,
    )
    assert found == [title, 0, 100, 60, "isolate"]
