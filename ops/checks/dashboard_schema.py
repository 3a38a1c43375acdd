"""Holds the dashboard against Grafana's own schemas, as its foundation SDK has them.

Read into the SDK's types and written again it must be the same: what Grafana does not know gets lost on
the way. Units must be among Grafana's.

usage: dashboard_schema.py DASHBOARD
"""

import json
import sys

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models import units
from grafana_foundation_sdk.models.dashboard import Dashboard

import dashboard_file

# Fields that a data source adds to an annotation are in no schema; this one is Prometheus's.
BY_DATA_SOURCE = {"annotations.list.titleFormat"}


def lost(written, known, path=""):
    """The paths of all that is in the first and not in the second."""
    if isinstance(written, dict) and isinstance(known, dict):
        for key, value in written.items():
            below = f"{path}.{key}".lstrip(".")
            yield from lost(value, known[key], below) if key in known else [below]
    elif isinstance(written, list) and isinstance(known, list) and len(written) == len(known):
        for one, other in zip(written, known):
            yield from lost(one, other, path)
    elif written != known:
        yield path


def main():
    register_default_plugins()
    board = dashboard_file.load(sys.argv[1])
    known = json.loads(JSONEncoder().encode(Dashboard.from_json(board)))
    problems = [f"Grafana does not know {path}" for path in sorted(set(lost(board, known)) - BY_DATA_SOURCE)]
    every_unit = {value for value in vars(units).values() if isinstance(value, str)}
    for panel in dashboard_file.panels(board):
        unit = panel["fieldConfig"]["defaults"].get("unit")
        if unit is not None and unit not in every_unit:
            problems.append(f"panel {panel['title']!r}: Grafana has no unit {unit!r}")
    if problems:
        sys.exit("\n".join(problems))
    print(f"{len(dashboard_file.panels(board))} panels, as Grafana's schema has them")


if __name__ == "__main__":
    main()
