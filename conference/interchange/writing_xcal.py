"""The calendar as XML: xCal (RFC 6321). Pure."""

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from conference.event.calendar import CalendarEntry
from conference.interchange.edition import document_of
from conference.web.exporting import without_what_xml_cannot_hold as as_xml

NAMESPACE = "urn:ietf:params:xml:ns:icalendar-2.0"


def xcal(entries: list[CalendarEntry], *, stamp: datetime, name: str) -> bytes:
    """Return the calendar, to be served as application/calendar+xml. Times are in UTC, so that no zone need be told."""
    root = ET.Element("icalendar", xmlns=NAMESPACE)
    calendar = ET.SubElement(root, "vcalendar")
    properties = ET.SubElement(calendar, "properties")
    for key, text in (
        ("prodid", "-//Conference office//EN"),
        ("version", "2.0"),
        ("method", "PUBLISH"),
        ("x-wr-calname", name),
    ):
        _property(properties, key, "unknown" if key.startswith("x-") else "text", text)
    components = ET.SubElement(calendar, "components")
    for entry in entries:
        _event(ET.SubElement(ET.SubElement(components, "vevent"), "properties"), entry, stamp)
    return document_of(root)


def _property(parent: ET.Element, name: str, kind: str, text: str) -> None:
    ET.SubElement(ET.SubElement(parent, name), kind).text = as_xml(text)


def _event(properties: ET.Element, entry: CalendarEntry, stamp: datetime) -> None:
    _property(properties, "uid", "text", entry.uid)
    _property(properties, "sequence", "integer", str(entry.sequence))
    for name, moment in (("dtstamp", stamp), ("dtstart", entry.start), ("dtend", entry.end)):
        _property(properties, name, "date-time", f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    _property(properties, "summary", "text", entry.summary)
    for name, text in (("location", entry.location), ("description", entry.description)):
        if text:
            _property(properties, name, "text", text)
    if entry.url:
        _property(properties, "url", "uri", entry.url)
