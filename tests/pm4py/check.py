#!/usr/bin/env python3
"""Reads the three exports of `yushi export` with pm4py and compares what it finds.

usage: check.py LOG.ocel2.json LOG.xes LOG.csv

pm4py is a program of its own here: the workspace neither links nor ships it. Exits 1 when a file cannot be read, when the
formats disagree, or when something in them looks like a person.
"""
import json
import sys

import pandas
import pm4py


def fail(message):
    print(f"pm4py: {message}", file=sys.stderr)
    sys.exit(1)


def main():
    if len(sys.argv) != 4:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    ocel_file, xes_file, csv_file = sys.argv[1:]

    table = pandas.read_csv(csv_file, keep_default_na=False, dtype=str)
    table["time:timestamp"] = pandas.to_datetime(table["time:timestamp"], utc=True)
    from_csv = pm4py.format_dataframe(
        table, case_id="case:concept:name", activity_key="concept:name", timestamp_key="time:timestamp"
    )
    from_xes = pm4py.convert_to_dataframe(pm4py.read_xes(xes_file))
    ocel = pm4py.read_ocel2_json(ocel_file)

    counts = {"csv": len(from_csv), "xes": len(from_xes), "ocel2": len(ocel.events)}
    if len(set(counts.values())) != 1 or counts["csv"] == 0:
        fail(f"events differ: {counts}")
    cases = {
        "csv": set(from_csv["case:concept:name"]),
        "xes": set(from_xes["case:concept:name"]),
        "ocel2": set(ocel.objects.loc[ocel.objects["ocel:type"] == "application", "ocel:oid"]),
    }
    if cases["csv"] != cases["xes"] or not cases["csv"] <= cases["ocel2"]:
        fail("cases differ")
    activities = {
        "csv": sorted(from_csv["concept:name"]),
        "xes": sorted(from_xes["concept:name"]),
        "ocel2": sorted(ocel.events["ocel:activity"]),
    }
    if activities["csv"] != activities["xes"] or activities["csv"] != activities["ocel2"]:
        fail("activities differ")

    graph, start, _ = pm4py.discover_dfg(from_csv)
    if set(start) != {"createDraft"}:
        fail(f"cases start with {sorted(start)}")
    types = pm4py.ocel_get_object_types(ocel)
    if not {"application", "loan", "party", "track"} <= set(types):
        fail(f"object types are {types}")
    flow = pm4py.discover_ocdfg(ocel)
    if not flow["activities"]:
        fail("nothing is discovered from the object-centric log")

    for path in (ocel_file, xes_file, csv_file):
        text = open(path, encoding="utf8").read()
        japanese = [c for c in text if "\u3040" <= c <= "\u30ff" or "\u4e00" <= c <= "\u9fff"]
        if japanese:
            fail(f"{path} holds Japanese text, which only names and addresses would bring in: {japanese[:5]}")
    with open(ocel_file, encoding="utf8") as file:
        raw = json.load(file)
    known = {o["id"] for o in raw["objects"]}
    loose = {r["objectId"] for e in raw["events"] for r in e["relationships"]} - known
    if loose:
        fail(f"events name {len(loose)} objects that are not there, such as {sorted(loose)[0]}")

    print(f"pm4py {pm4py.__version__}: {len(cases['csv'])} cases, {counts['csv']} events, "
          f"{len(graph)} direct successions, object types {', '.join(sorted(types))}")


if __name__ == "__main__":
    main()
