"""Writes the everyday list as the demo's label set. Usage: label_set.py EVERYDAY_TSV OUT"""

import pathlib
import sys

TEMPLATES = ["{}", "a drawing of a {}", "an icon of a {}", "a picture of a {}", "{} emoji"]


def main(everyday_tsv, out):
    words = [line.split("\t")[0] for line in open(everyday_tsv) if not line.startswith("#")]
    lines = [
        "# The everyday label set of the starter model: drawings, not photographs. Written by model/training/label_set.py.",
        "name: default",
        'version: "1"',
        "scoring: softmax",
        "topK: 5",
        "templates: [" + ", ".join(f'"{template}"' for template in TEMPLATES) + "]",
        "labels:",
    ]
    for word in words:
        lines.append(f"  - {{id: {word.replace(' ', '-')}, name: {word}, prompts: [{word}]}}")
    pathlib.Path(out).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
