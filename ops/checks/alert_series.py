"""Asks a Prometheus that watches a stack whether it has what its alert rules select.

Every loaded rule must have been evaluated without an error, and each of its selectors must find a series.

usage: alert_series.py URL
"""

import json
import re
import sys
import urllib.parse
import urllib.request

# All that comes from Tagstream is asked for by job; what brokers export is not, and is not in the stack.
SELECTOR = re.compile(r"[a-z_]+\{[^}]*\}|job:[a-z_:]+")


def ask(url, path, **parameters):
    with urllib.request.urlopen(f"{url}/api/v1/{path}?{urllib.parse.urlencode(parameters)}", timeout=30) as answer:
        return json.load(answer)["data"]


def main():
    (url,) = sys.argv[1:]
    rules = [rule for group in ask(url, "rules")["groups"] for rule in group["rules"]]
    ill = [f"{rule['name']}: {rule.get('lastError')}" for rule in rules if rule["health"] != "ok"]
    selectors = {}
    for rule in rules:
        for selector in SELECTOR.findall(rule["query"]):
            selectors.setdefault(selector, rule["name"])
    missing = [f"{name}: Prometheus has no {selector}" for selector, name in sorted(selectors.items())
               if not ask(url, "query", query=selector)["result"]]
    if ill or missing or not rules:
        sys.exit("\n".join([*ill, *missing]) or "Prometheus has no rules")
    firing = sorted(rule["name"] for rule in rules if rule.get("state") == "firing")
    print(f"{len(rules)} rules, whose {len(selectors)} selectors find series; firing: {', '.join(firing) or 'none'}")


if __name__ == "__main__":
    main()
