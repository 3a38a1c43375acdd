"""Asks a Prometheus that has watched a stack under load for all that the dashboard shows.

Every query and every variable must be answered with numbers, over the minutes given: a panel that stays
empty then would stay empty in Grafana.

usage: dashboard_answers.py URL MINUTES DASHBOARD
"""

import json
import math
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import dashboard_file

STEP_SECONDS = 5
LABEL_VALUES = re.compile(r"label_values\((.+), *(\w+)\)")


def ask(url, path, **parameters):
    address = f"{url}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return json.load(answer)["data"]
    except urllib.error.HTTPError as error:
        sys.exit(f"{parameters}: {error.read().decode()}")


def numbers(url, query, seconds):
    now = time.time()
    series = ask(url, "query_range", query=query, start=now - seconds, end=now, step=STEP_SECONDS)["result"]
    return sum(math.isfinite(float(value)) for one in series for _, value in one["values"])


def main():
    url, minutes, file = sys.argv[1:]
    board = dashboard_file.load(file)
    empty = [f"panel {title!r} shows nothing: {query}" for title, query in dashboard_file.queries(board)
             if not numbers(url, query, 60 * float(minutes))]
    for name, query in dashboard_file.variables(board):
        selector, label = LABEL_VALUES.fullmatch(query).groups()
        if not ask(url, f"label/{label}/values", **{"match[]": selector}):
            empty.append(f"variable {name!r} has no values: {query}")
    if empty:
        sys.exit("\n".join(empty))
    print(f"each of the {len(dashboard_file.queries(board))} queries of {len(dashboard_file.panels(board))} panels shows numbers")


if __name__ == "__main__":
    main()
