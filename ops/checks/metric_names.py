"""Holds the metrics that alerts, dashboard and documents ask for against docs/metrics.md.

The names under tagstream_ must stand in its table, with the endings that their type has and no label that
the table does not give them.

usage: metric_names.py METRICS_DOCUMENT FILE...
"""

import re
import sys
from pathlib import Path

ENDINGS = {"summary": ("_sum", "_count"), "histogram": ("_sum", "_count", "_bucket"), "gauge": ("",), "counter": ("",)}
FROM_PROMETHEUS = {"job", "instance"}
ROW = re.compile(r"^\| `(tagstream_\w+)` \| (\w+) \| ([^|]*)\|", re.MULTILINE)
# Not a recorded series of ours, job:tagstream_…, nor part of another name.
USE = re.compile(r"(?<![\w:])(tagstream_[a-z_]+)(\{[^}]*\})?")


def documented(text):
    names = {}
    for name, kind, labels in ROW.findall(text):
        for ending in ENDINGS[kind]:
            bucket = {"le"} if ending == "_bucket" else set()
            names[name + ending] = set(re.findall(r"`(\w+)`", labels)) | bucket | FROM_PROMETHEUS
    return names


def main():
    document, *files = map(Path, sys.argv[1:])
    known = documented(document.read_text())
    if not known:
        sys.exit(f"{document} has no table of metrics")
    used, problems = set(), set()
    for file in files:
        for name, selector in USE.findall(file.read_text().replace('\\"', '"')):
            used.add(name)
            if name not in known:
                problems.add(f"{file}: {name} does not stand in {document}")
                continue
            for label in set(re.findall(r"(\w+)\s*=~?\s*\"", selector)) - known[name]:
                problems.add(f"{file}: {name} has no label {label} in {document}")
    if problems:
        sys.exit("\n".join(sorted(problems)))
    print(f"{len(used)} metrics are asked for, each of which {document} has")


if __name__ == "__main__":
    main()
