"""A calendar as another library reads it: standard input is the calendar, standard output its events as JSON."""

import json
import sys

from icalendar import Calendar

calendar = Calendar.from_ical(sys.stdin.buffer.read())
events = [
    {
        "uid": str(event["UID"]),
        "summary": str(event["SUMMARY"]),
        "start": event["DTSTART"].dt.isoformat(),
        "end": event["DTEND"].dt.isoformat(),
        "location": str(event["LOCATION"]) if "LOCATION" in event else None,
        "busy": str(event["TRANSP"]) == "OPAQUE",
        "sequence": int(event["SEQUENCE"]),
        "stamp": event["DTSTAMP"].dt.isoformat(),
    }
    for event in calendar.walk("VEVENT")
]
print(json.dumps({"version": str(calendar["VERSION"]), "events": events, "errors": [str(one) for one in calendar.errors]}))
