"""Writes the demo's pictures from the held-out vendor (Fluent 3D), in several file formats.

The words were picked by category, before any model was trained; no picture was added or dropped for being right or wrong.
Usage: demo_pictures.py NODE_MODULES EVERYDAY_TSV OUT
"""

import csv
import json
import pathlib
import sys

from PIL import Image

PICKS = {  # everyday word: (format, side in pixels, background)
    "dog": ("jpg", 256, "#ffffff"),
    "elephant": ("png", 256, "#ffffff"),
    "penguin": ("webp", 256, "#ffffff"),
    "turtle": ("jpg", 224, "#f4efe6"),
    "butterfly": ("gif", 192, "#ffffff"),
    "octopus": ("png", 192, "#ffffff"),
    "sunflower": ("webp", 256, "#ffffff"),
    "cactus": ("tiff", 160, "#ffffff"),
    "pizza": ("jpg", 256, "#ffffff"),
    "strawberry": ("png", 256, "#ffffff"),
    "banana": ("jpg", 200, "#eef3f7"),
    "hamburger": ("webp", 256, "#ffffff"),
    "birthday cake": ("tiff", 192, "#ffffff"),
    "ice cream": ("jpg", 256, "#ffffff"),
    "bicycle": ("png", 224, "#ffffff"),
    "airplane": ("jpg", 256, "#dcebf7"),
    "fire truck": ("webp", 256, "#ffffff"),
    "sailboat": ("gif", 192, "#ffffff"),
    "soccer ball": ("bmp", 128, "#ffffff"),
    "boxing glove": ("jpg", 256, "#ffffff"),
    "rainbow": ("webp", 256, "#ffffff"),
    "snowman": ("png", 192, "#ffffff"),
    "castle": ("jpg", 256, "#ffffff"),
    "volcano": ("webp", 256, "#ffffff"),
    "guitar": ("png", 256, "#ffffff"),
    "scissors": ("bmp", 128, "#ffffff"),
    "umbrella": ("jpg", 256, "#ffffff"),
    "crown": ("gif", 160, "#ffffff"),
    "ghost": ("jpg", 224, "#e9e3f2"),
    "key": ("tiff", 160, "#ffffff"),
}
ROTATED = "castle"  # stored turned by 90 degrees, with the EXIF orientation that turns it back
ORIENTATION = 0x0112


def first_picture(word, everyday, emoji, assets):
    hexcode = emoji[everyday[word].split(",")[0].strip().lower()].lower()
    for name in (hexcode, hexcode.replace("-fe0f", ""), hexcode + "-fe0f"):
        if (assets / f"{name}.webp").exists():
            return assets / f"{name}.webp"
    raise FileNotFoundError(f"{word}: no picture for {hexcode}")


def save(picture, path, kind, word):
    if kind == "jpg" and word == ROTATED:
        exif = Image.Exif()
        exif[ORIENTATION] = 6  # "rotate by 90 degrees clockwise to show"
        picture.transpose(Image.Transpose.ROTATE_90).save(path, quality=90, exif=exif)
    elif kind == "jpg":
        picture.save(path, quality=88)
    elif kind == "webp":
        picture.save(path, quality=85, method=6)
    elif kind == "gif":
        picture.quantize(128).save(path)
    elif kind == "tiff":
        picture.save(path, compression="tiff_lzw")
    else:
        picture.save(path, **({"optimize": True} if kind == "png" else {}))


def main(node_modules, everyday_tsv, out):
    modules, out = pathlib.Path(node_modules), pathlib.Path(out)
    assets = modules / "@lobehub/fluent-emoji-3d/assets"
    data = json.loads((modules / "emojibase-data/en/data.json").read_text())
    emoji = {entry["label"].lower(): entry["hexcode"] for entry in data}
    with open(everyday_tsv) as lines:
        everyday = dict(row for row in csv.reader(lines, delimiter="\t") if not row[0].startswith("#"))
    (out / "images").mkdir(parents=True, exist_ok=True)
    expected = []
    for word, (kind, side, background) in PICKS.items():
        drawing = Image.open(first_picture(word, everyday, emoji, assets)).convert("RGBA")
        drawing = drawing.resize((side, side), Image.Resampling.LANCZOS)
        picture = Image.new("RGBA", drawing.size, background)
        picture.alpha_composite(drawing)
        name = f"{word.replace(' ', '-')}.{kind}"
        save(picture.convert("RGB"), out / "images" / name, kind, word)
        expected.append(f"{name}\t{word}\n")
    (out / "expected.tsv").write_text("".join(expected))


if __name__ == "__main__":
    main(*sys.argv[1:])
