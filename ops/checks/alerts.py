"""Holds alerts, their runbook and their tests against one another.

Every alert leads to an entry of the runbook and every entry belongs to an alert; every alert has a test in
which it fires and one in which it does not.

usage: alerts.py ALERTS TESTS RUNBOOK
"""

import re
import sys
from pathlib import Path

import yaml


def main():
    alerts_file, tests_file, runbook_file = map(Path, sys.argv[1:])
    alerts = {
        rule["alert"]: rule
        for group in yaml.safe_load(alerts_file.read_text())["groups"]
        for rule in group["rules"]
        if "alert" in rule
    }
    entries = set(re.findall(r"^## (\w+)$", runbook_file.read_text(), re.MULTILINE))
    fires, silent = set(), set()
    for test in yaml.safe_load(tests_file.read_text())["tests"]:
        for case in test.get("alert_rule_test", []):
            (fires if case["exp_alerts"] else silent).add(case["alertname"])

    problems = [f"{entry} has an entry in {runbook_file} and is no alert" for entry in sorted(entries - alerts.keys())]
    for name, rule in alerts.items():
        if name not in entries:
            problems.append(f"{name} has no entry in {runbook_file}")
        if rule["annotations"].get("runbook") != f"ops/runbook.md#{name.lower()}":
            problems.append(f"{name}: its annotation runbook does not lead to its entry")
        if rule["labels"].get("severity") not in ("critical", "warning"):
            problems.append(f"{name} is neither critical nor a warning")
        if name not in fires:
            problems.append(f"{name} has no test in which it fires")
        if name not in silent:
            problems.append(f"{name} has no test in which it does not fire")
    if not alerts:
        problems.append(f"{alerts_file} has no alert")
    if problems:
        sys.exit("\n".join(problems))
    print(f"{len(alerts)} alerts, each with a runbook entry, a test in which it fires and one in which it does not")


if __name__ == "__main__":
    main()
