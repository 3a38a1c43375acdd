"""Prints the dashboard's queries as recording rules, for promtool to read; checks the layout on the way.

usage: dashboard_queries.py DASHBOARD
"""

import itertools
import json
import sys
from pathlib import Path

import yaml

VARIABLES = {"$__rate_interval": "5m", "$job": "tagstream", "$instance": ".*"}


def overlap(one, other):
    a, b = one["gridPos"], other["gridPos"]
    return (a["x"] < b["x"] + b["w"] and b["x"] < a["x"] + a["w"]
            and a["y"] < b["y"] + b["h"] and b["y"] < a["y"] + a["h"])


def main():
    dashboard = json.loads(Path(sys.argv[1]).read_text())
    panels = dashboard["panels"]
    for one, other in itertools.combinations(panels, 2):
        if one["id"] == other["id"] or overlap(one, other):
            sys.exit(f"the panels {one['title']!r} and {other['title']!r} have one id or one place")
    queries = [target["expr"] for panel in panels for target in panel.get("targets", [])]
    queries += [annotation["expr"] for annotation in dashboard["annotations"]["list"]]
    rules = []
    for number, query in enumerate(queries):
        for variable, value in VARIABLES.items():
            query = query.replace(variable, value)
        if "$" in query:
            sys.exit(f"{query!r} has a variable that is not known here")
        rules.append({"record": f"query:{number}", "expr": query})
    print(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))


if __name__ == "__main__":
    main()
