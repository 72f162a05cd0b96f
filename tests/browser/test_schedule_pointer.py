"""Dragging, dropping and resizing by mouse and touch, alone and several at once."""

import json
import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Demo
from tests.browser.scheduling import BLOOD, MICROBES, RARE, TUMOURS, Desk


def test_a_session_is_dragged_and_stays(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    right = desk.column()
    desk.drag(TUMOURS, right, -2 * 90)
    desk.expect_at(TUMOURS, "09:30–11:00, Hörsal Muster")
    desk.expect_saved()
    desk.open()
    desk.expect_at(TUMOURS, "09:30–11:00, Hörsal Muster")
    desk.put_back()
    desk.expect_at(TUMOURS, "11:00–12:30, Aula Exempel")


def test_each_slot_says_whether_and_why(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    strip = wide_page.locator("#schedule-strip")
    seen = []

    def look() -> None:
        expect(wide_page.locator(".s-slot.level-2").first).to_contain_text("Room taken")
        expect(strip).to_contain_text("Room taken")
        expect(strip).to_contain_text("Blocks publishing.")
        seen.append(strip.inner_text())

    desk.drag(BLOOD, -desk.column(), 0, look)
    desk.expect_at(BLOOD, "11:00–12:30, Aula Exempel")
    desk.expect_at(BLOOD, "Blocks publishing")
    assert "Aula Exempel" in seen[0]
    expect(wide_page.locator(".s-slot")).to_have_count(0)
    # Side by side, where both can be seen and taken.
    one, other = desk.box(BLOOD), desk.box(TUMOURS)
    assert abs(one["width"] - desk.column() / 2) < 5
    assert one["x"] != other["x"]
    desk.expect_saved()
    expect(wide_page.locator(".s-conflict").first).to_contain_text("Aula Exempel is taken twice")
    desk.put_back()
    desk.expect_at(BLOOD, "11:00–12:30, Hörsal Muster")


def test_a_free_slot_says_so(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)

    def look() -> None:
        expect(wide_page.locator(".s-ghost .s-why")).to_have_text("Free here.")
        wide_page.keyboard.press("Escape")

    before = desk.told(BLOOD)
    desk.drag(BLOOD, 0, -2 * 110, look)
    assert desk.told(BLOOD) == before
    desk.expect_spoken("is where it was")
    expect(wide_page.locator(".s-ghost")).to_have_count(0)


def test_the_lower_edge_resizes_by_the_chosen_step(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    wide_page.get_by_label("Steps of").select_option("15")
    box = desk.box(RARE)
    x, y = box["x"] + 40, box["y"] + box["height"] - 3
    wide_page.mouse.move(x, y)
    wide_page.mouse.down()
    wide_page.mouse.move(x, y - 40, steps=3)
    strip = wide_page.locator("#schedule-strip")
    wide_page.mouse.move(x, y + 30, steps=3)
    expect(strip).to_contain_text("11:00–12:45, Room Sample. Free until then.")
    # Its talks last for eighty minutes: the slots before say why it may not end there, and so does the strip.
    wide_page.mouse.move(x, y - 68, steps=3)
    expect(strip).to_contain_text("11:00–12:00, Room Sample. Talks")
    expect(wide_page.locator(".s-slot.level-1").first).to_contain_text("Talks")
    desk.settle()
    wide_page.mouse.up()
    expect(wide_page.locator(".s-slot")).to_have_count(0)
    desk.expect_at(RARE, "11:00–12:00")
    desk.expect_saved()
    expect(wide_page.locator("#schedule-undo")).to_have_text("Undo: Change of length")
    desk.put_back()


def test_several_move_together_and_keep_their_rooms(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    desk.block(BLOOD).click()
    desk.block(RARE).click(modifiers=["Shift"])
    expect(wide_page.locator("#schedule-chosen")).to_contain_text("Chosen: 2")
    with wide_page.expect_request(re.compile("/steps")) as sent:
        desk.drag(RARE, 0, 2 * 30)
    assert len(json.loads(sent.value.post_data or "")["placements"]) == 2
    desk.expect_at(BLOOD, "11:30–13:00, Hörsal Muster")
    desk.expect_at(RARE, "11:30–13:00, Room Sample")
    desk.expect_saved()
    desk.put_back()
    desk.expect_at(BLOOD, "11:00–12:30")


def test_several_stop_together_at_the_last_room(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    desk.block(BLOOD).click()
    desk.block(RARE).click(modifiers=["ControlOrMeta"])
    desk.drag(BLOOD, 2 * desk.column(), 0)
    desk.expect_at(BLOOD, "Room Sample")
    desk.expect_at(RARE, "Room Przykład")
    desk.put_back()


def test_a_frame_on_the_paper_chooses(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    first, last = desk.box(RARE), desk.box(MICROBES)
    wide_page.mouse.move(first["x"] + 20, first["y"] - 80)
    wide_page.mouse.down()
    wide_page.mouse.move(last["x"] + 40, last["y"] + 20, steps=5)
    desk.settle()
    wide_page.mouse.up()
    chosen = wide_page.locator(".s-block[aria-selected=true] .s-title")
    expect(chosen.filter(has_text="from sample to report")).to_have_count(2)
    wide_page.keyboard.press("Escape")


def test_to_the_tray_and_back(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    tray = wide_page.locator("#schedule-tray-panel").bounding_box()
    box = desk.box(MICROBES)
    assert tray is not None
    desk.drag(MICROBES, tray["x"] + 60 - box["x"], tray["y"] + 60 - box["y"])
    desk.expect_at(MICROBES, "Not scheduled, 90 minutes")
    expect(wide_page.locator("#schedule-tray-count")).to_have_text("1")
    desk.expect_saved()
    away, home = desk.box(MICROBES), desk.box(RARE)
    desk.drag(MICROBES, home["x"] + desk.column() + 20 - away["x"], home["y"] - away["y"])
    desk.expect_at(MICROBES, "Room Przykład")
    desk.expect_saved()
    desk.put_back(2)
    desk.expect_at(MICROBES, "11:00–12:30, Room Przykład")


def test_a_pinned_session_says_that_it_stays(shared_demo: Demo, wide_page: Page) -> None:
    desk = Desk(wide_page, shared_demo)
    # What the server says of a pinned one; the demonstration has none.
    told = desk.module(
        "schedule_hold.js",
        """
        const said = [];
        const session = { id: 1, title: "Keynote", pinned: true, at: 0, room: 1, minutes: 60 };
        const store = { mayEdit: true, isOpen: () => true, sessions: new Map([[1, session]]), place: () => session, seen: () => 1 };
        const live = { speak: (text) => said.push(text), saved: () => {} };
        const hold = new module.Hold({ store, live, grid: {}, heat: {}, save: {}, options: { isCut: () => false } });
        return [hold.pick([1], 1, "move", "keys"), hold.isOn, said];
        """,
    )
    assert told == [False, False, ["“Keynote” is pinned and stays where it is. Its form can unpin it."]]


def test_by_touch_a_short_hold_picks_up_and_a_swipe_scrolls(
    shared_demo: Demo, browser: Browser, signed_in: list[dict[str, str]]
) -> None:
    context = browser.new_context(viewport={"width": 1024, "height": 768}, has_touch=True)
    context.add_cookies(signed_in)  # type: ignore[arg-type]  # the shape that cookies() answers
    page = context.new_page()
    desk = Desk(page, shared_demo)
    touch = context.new_cdp_session(page)

    def send(kind: str, x: float = 0, y: float = 0) -> None:
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    box = desk.box(RARE)
    x, y = box["x"] + 50, box["y"] + 12
    send("touchStart", x, y)
    send("touchMove", x, y - 40)
    page.wait_for_timeout(500)  # a swipe is none, however long it lasts
    expect(page.locator("html")).not_to_have_class(re.compile("s-holding"))
    send("touchEnd")
    desk.expect_at(RARE, "11:00–12:30, Room Sample")

    # A tap chooses it, and its panel opens.
    desk.block(RARE).tap()
    expect(page.locator("#schedule-panel-name")).to_have_value(RARE)

    desk.block(RARE).scroll_into_view_if_needed()
    box = desk.box(RARE)
    x, y = box["x"] + 50, box["y"] + 12
    send("touchStart", x, y)
    expect(page.locator("html")).to_have_class(re.compile("s-holding"))
    for part in range(1, 6):
        send("touchMove", x, y - part * 12)
    desk.settle()
    send("touchEnd")
    desk.expect_at(RARE, "10:30–12:00, Room Sample")
    desk.expect_saved()
    desk.put_back()
    context.close()
