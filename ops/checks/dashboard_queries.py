"""Prints the dashboard's queries as recording rules, for promtool to read; checks the layout on the way.

usage: dashboard_queries.py DASHBOARD
"""

import json
import sys

import dashboard_file


def main():
    board = dashboard_file.load(sys.argv[1])
    dashboard_file.require_places_of_their_own(board)
    rules = [{"record": f"query:{number}", "expr": query}
             for number, (_, query) in enumerate(dashboard_file.queries(board))]
    # JSON is YAML.
    print(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))


if __name__ == "__main__":
    main()
