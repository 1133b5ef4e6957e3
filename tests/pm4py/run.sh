#!/usr/bin/env bash
# Exports the cases of a demo's folder in all three formats and reads them with pm4py, in an environment of its own.
#
#   tests/pm4py/run.sh YUSHI DATA      the binary and the folder of a demo with some cases
#   tests/pm4py/run.sh --install       only prepares the environment (needs a package index)
#
# The environment is tests/.venv; PYTHON chooses another interpreter than python3.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
venv=$here/../.venv

if [ ! -x "$venv/bin/python" ] || ! "$venv/bin/python" -c 'import pm4py' 2>/dev/null; then
  "${PYTHON:-python3}" -m venv "$venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check 'pm4py>=2.7,<2.8'
fi
[ "${1:-}" = --install ] && exit 0

yushi=$1
data=$2
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
"$yushi" export --format ocel2 --output "$out/log.ocel2.json" --data "$data"
"$yushi" export --format xes --output "$out/log.xes" --data "$data"
"$yushi" export --format csv --output "$out/log.csv" --data "$data"
"$venv/bin/python" "$here/check.py" "$out/log.ocel2.json" "$out/log.xes" "$out/log.csv"
