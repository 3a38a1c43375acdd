"""What the checks of the dashboard have in common: its queries, with Grafana's variables filled in."""

import itertools
import json
import sys
from pathlib import Path

# With the interval at which docker/compose.yaml scrapes, Grafana fills in four times that.
VARIABLES = {"$__rate_interval": "20s", "$job": "tagstream", "$instance": ".*"}


def load(file):
    return json.loads(Path(file).read_text())


def panels(dashboard):
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def queries(dashboard):
    """Pairs of who asks and what is asked."""
    asked = [(panel["title"], target["expr"]) for panel in panels(dashboard) for target in panel["targets"]]
    asked += [(note["name"], note["expr"]) for note in dashboard["annotations"]["list"]]
    return [(title, filled(query)) for title, query in asked]


def filled(query):
    for variable, value in VARIABLES.items():
        query = query.replace(variable, value)
    if "$" in query:
        sys.exit(f"{query!r} has a variable that is not known here")
    return query


def variables(dashboard):
    """Pairs of a variable's name and the query that lists its values."""
    return [(variable["name"], filled(variable["query"]["query"]))
            for variable in dashboard["templating"]["list"] if variable["type"] == "query"]


def require_places_of_their_own(dashboard):
    for one, other in itertools.combinations(dashboard["panels"], 2):
        if one["id"] == other["id"] or overlap(one["gridPos"], other["gridPos"]):
            sys.exit(f"the panels {one['title']!r} and {other['title']!r} have one id or one place")


def overlap(a, b):
    return (a["x"] < b["x"] + b["w"] and b["x"] < a["x"] + a["w"]
            and a["y"] < b["y"] + b["h"] and b["y"] < a["y"] + a["h"])
