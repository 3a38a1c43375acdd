"""Renders every training and evaluation drawing to 96 px RGBA and writes the concepts, captions and pixels.

Usage: prepare.py NODE_MODULES OPENCLIPART_SVG_FOLDER EVERYDAY_TSV OUT_FOLDER
"""

import collections
import io
import json
import multiprocessing
import pathlib
import re
import sys

import numpy
import resvg_py
from PIL import Image

SIDE = 96
EMOJI_SETS = ["noto", "twemoji", "noto-v1", "fxemoji", "emojione", "streamline-emojis"]
OLDER_GOOGLE = {"google-2017": "eg3", "google-2018": "eg5"}  # the same vendor's earlier, different drawings
ICON_SETS = ["flat-color-icons", "fluent-color", "icon-park", "marketeq", "meteocons"]
ICON_SETS += ["streamline-flex-color", "streamline-kameleon-color", "streamline-plump-color", "streamline-ultimate-color"]
HELD_OUT = {"openmoji", "fluent"}  # openmoji chooses between recipes, fluent is for the final score only
CLIPART = ["animals", "buildings", "containers", "education", "electronics", "food", "office", "people", "plants"]
CLIPART += ["recreation", "tools", "transportation", "special", "unsorted"]
SKIPPED_GROUPS = {2, 8, 9}  # components, symbols, flags
SKIPPED_SUBGROUPS = {32, 33}  # skin tones, hair
SKIPPED_LABELS = re.compile(r"o.clock|-thirty|heart with|hundred points|Japanese .* button|moon face")
AMBIGUOUS = {"mouse", "bat", "seal", "ring", "orange", "date", "tennis", "golf", "rain", "chicken", "crane", "date", "fly"}
AMBIGUOUS |= {"cloud", "drum", "swan", "salt", "japan", "bell", "id", "on", "up", "top", "end", "soon", "back", "rest", "turkey"}
AFFIXES = re.compile(r"\b(\d+|flat|duo|fill|filled|bold|color|light|one|two|three|four|icon|static|the|an|a|sm|lg)\b")


def normal(text):
    return re.sub(r"\s+", " ", re.sub(r"[^a-z0-9 ]+", " ", text.lower())).strip()


def squashed(text):
    return re.sub(r"[^a-z0-9]", "", text.lower())


class Concepts:
    """Emoji merged into concepts: skin tones, genders, and whatever the everyday list calls by one word."""

    def __init__(self, modules, everyday_tsv):
        self.words, word_of = [], {}
        for line in open(everyday_tsv):
            if not line.startswith("#"):
                word, names = line.rstrip("\n").split("\t")
                self.words.append(word)
                for name in names.split(","):
                    word_of[name.strip().lower()] = word
        self.names, self.captions, self.tags = [], [], []
        self.index, self.by_hexcode, self.by_phrase = {}, {}, {}
        self.right = {}  # emoji hexcode -> everyday word, for evaluation
        for word in self.words:
            self.add(word, [word], [])
        data = json.loads((modules / "emojibase-data/en/data.json").read_text())
        codes = json.loads((modules / "emojibase-data/en/shortcodes/emojibase.json").read_text())
        for emoji in data:
            label = emoji["label"].lower()
            self.by_phrase.setdefault(squashed(label), None)
            if label in word_of:
                self.right[key(emoji["hexcode"])] = word_of[label]
            elif emoji.get("group", 2) in SKIPPED_GROUPS or emoji["subgroup"] in SKIPPED_SUBGROUPS:
                continue
            elif SKIPPED_LABELS.search(emoji["label"]):
                continue
            merged = re.sub(r"^(man|woman|men|women)\b", lambda m: {"m": "person", "w": "person"}[m[0][0]], label)
            name = word_of.get(label) or word_of.get(merged) or merged
            if name.endswith(" heart"):
                name = "heart"
            short = codes.get(emoji["hexcode"], [])
            short = [short] if isinstance(short, str) else short
            captions = [label] + [code.replace("_", " ") for code in short if len(code) > 2]
            self.by_hexcode[key(emoji["hexcode"])] = self.add(name, captions, emoji.get("tags", []))
            for phrase in [label] + captions:
                if self.by_phrase.get(squashed(phrase)) is None:
                    self.by_phrase[squashed(phrase)] = self.index[name]
        for word in self.words:
            self.by_phrase[squashed(word)] = self.index[word]

    def add(self, name, captions, tags):
        if name not in self.index:
            self.index[name] = len(self.names)
            self.names.append(name)
            self.captions.append([name])
            self.tags.append([])
        number = self.index[name]
        self.captions[number] += [c for c in dict.fromkeys(captions) if c not in self.captions[number]]
        self.tags[number] += [t for t in tags if t not in self.tags[number]]
        return number

    def of_name(self, name, tails):
        """The concept a drawing's own name means, or None: the whole name, or (tails) the words it ends with."""
        words = AFFIXES.sub(" ", normal(name)).split()
        for start in range(len(words) if tails else min(1, len(words))):
            phrase = squashed("".join(words[start:]))
            for form in (phrase, phrase.removesuffix("s")):
                if " ".join(words[start:]) in AMBIGUOUS or form in AMBIGUOUS:
                    return None
                if self.by_phrase.get(form) is not None:
                    return self.by_phrase[form]
        return None


def key(hexcode):
    return hexcode.upper().replace("-FE0F", "")


def iconify(modules, prefix):
    folder = modules / "@iconify-json" / prefix
    icons = json.loads((folder / "icons.json").read_text())
    chars = json.loads((folder / "chars.json").read_text())
    wide, high = icons.get("width", 16), icons.get("height", 16)

    def svg(name):
        icon = icons["icons"][name]
        box = f'{icon.get("left", 0)} {icon.get("top", 0)} {icon.get("width", wide)} {icon.get("height", high)}'
        spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        return f'<svg {spaces} viewBox="{box}" color="#333">{icon["body"]}</svg>'

    return list(icons["icons"]), {key(code): name for code, name in chars.items()}, svg


def emoji_jobs(modules, concepts, prefix):
    names, chars, svg = iconify(modules, prefix)
    by_squash = {squashed(name): name for name in names}
    jobs, used = [], set()
    for hexcode, concept in concepts.by_hexcode.items():
        name = chars.get(hexcode) or by_squash.get(squashed(concepts.label_of[hexcode]))
        if name is not None and name not in used:
            used.add(name)
            jobs.append((prefix, hexcode, concept, svg(name)))
    if prefix in ("streamline-emojis", "fxemoji"):
        for name in names:
            concept = concepts.of_name(name, tails=False)
            if name not in used and concept is not None:
                jobs.append((prefix, "", concept, svg(name)))
    return jobs


def icon_jobs(modules, concepts, prefix):
    names, _, svg = iconify(modules, prefix)
    if prefix == "fluent-color":  # one drawing per name: the largest size
        names = [n for n in names if n.endswith(("-48", "-32"))]
    return [(prefix, "", c, svg(n)) for n in names if (c := concepts.of_name(n, tails=False)) is not None]


def clipart_jobs(folder, concepts):
    jobs = []
    for top in CLIPART:
        for path in sorted((folder / top).rglob("*.svg")):
            if path.stat().st_size > 600_000:
                continue
            text = path.read_text(errors="replace")
            title = re.search(r"<dc:title>([^<]*)</dc:title>", text)
            concept = concepts.of_name(title[1] if title else path.stem, tails=True)
            jobs.append(("openclipart", "", -1 if concept is None else concept, text))
    return jobs


def sized(svg):
    """Old Inkscape files have no viewBox, without which resvg refuses sizes in pt, mm or per cent."""
    tag = re.search(r"<svg[^>]*>", svg)
    if tag is None or "viewBox" in tag[0]:
        return svg
    sides = [re.search(rf'\b{side}="([0-9.]+)(\w*)"', tag[0]) for side in ("width", "height")]
    if None in sides:
        return svg
    unit = {"pt": 1.25, "mm": 3.5433, "cm": 35.433, "in": 90.0}
    box = " ".join(f"{float(side[1]) * unit.get(side[2], 1.0):.2f}" for side in sides)
    bare = re.sub(r'\b(width|height)="[^"]*"', "", tag[0])
    return svg.replace(tag[0], bare[:-1] + f' viewBox="0 0 {box}">', 1)


def file_jobs(vendor, folder, pattern, concepts):
    jobs = []
    for hexcode, concept in concepts.by_hexcode.items():
        for form in (hexcode.lower(), concepts.full_code[hexcode].lower()):
            path = folder / pattern.format(form)
            if path.exists():
                jobs.append((vendor, hexcode, concept, path))
                break
    return jobs


def render(job):
    source = job[3]
    try:
        if isinstance(source, pathlib.Path):
            picture = Image.open(source).convert("RGBA")
        else:
            png = resvg_py.svg_to_bytes(svg_string=sized(source), width=SIDE * 2)
            picture = Image.open(io.BytesIO(bytes(png))).convert("RGBA")
        box = picture.getchannel("A").point(lambda a: 255 if a > 8 else 0).getbbox()
        if box is None:
            return None
        picture = picture.crop(box)
        scale = (SIDE - 8) / max(picture.size)
        size = [max(1, round(side * scale)) for side in picture.size]
        if min(size) < SIDE // 8:
            return None
        picture = picture.convert("RGBa").resize(size, Image.Resampling.LANCZOS).convert("RGBA")
        canvas = Image.new("RGBA", (SIDE, SIDE))
        canvas.paste(picture, ((SIDE - size[0]) // 2, (SIDE - size[1]) // 2))
        return numpy.asarray(canvas)
    except Exception as error:  # a drawing that cannot be rendered is left out, and said so
        print("left out:", job[0], job[1], str(error)[:80], file=sys.stderr)
        return None


def main(node_modules, clipart, everyday_tsv, out):
    modules, out = pathlib.Path(node_modules), pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    concepts = Concepts(modules, everyday_tsv)
    data = json.loads((modules / "emojibase-data/en/data.json").read_text())
    concepts.label_of = {key(e["hexcode"]): e["label"] for e in data}
    concepts.full_code = {key(e["hexcode"]): e["hexcode"] for e in data}
    jobs = []
    for prefix in EMOJI_SETS + ["openmoji"]:
        jobs += emoji_jobs(modules, concepts, prefix)
    for vendor, package in OLDER_GOOGLE.items():
        jobs += file_jobs(vendor, modules / package / "img/google/64", "{}.png", concepts)
    for prefix in ICON_SETS:
        jobs += icon_jobs(modules, concepts, prefix)
    jobs += clipart_jobs(pathlib.Path(clipart), concepts)
    jobs += file_jobs("fluent", modules / "@lobehub/fluent-emoji-3d/assets", "{}.webp", concepts)
    with multiprocessing.Pool(2) as pool:
        pictures = pool.map(render, jobs, chunksize=50)
    rows = [(job, picture) for job, picture in zip(jobs, pictures) if picture is not None]
    vendors = list(dict.fromkeys(job[0] for job, _ in rows))
    numpy.savez(
        out / "drawings.npz",
        pixels=numpy.stack([picture for _, picture in rows]),
        vendor=numpy.array([vendors.index(job[0]) for job, _ in rows]),
        concept=numpy.array([job[2] for job, _ in rows]),
        hexcode=numpy.array([job[1] for job, _ in rows]),
    )
    texts = {"vendors": vendors, "words": concepts.words, "names": concepts.names, "captions": concepts.captions}
    texts |= {"tags": concepts.tags, "right": concepts.right}
    (out / "concepts.json").write_text(json.dumps(texts, indent=1))
    everyday = collections.Counter(job[0] for job, _ in rows if 0 <= job[2] < len(concepts.words))
    for vendor, count in collections.Counter(job[0] for job, _ in rows).items():
        print(f"{vendor}: {count} drawings, {everyday[vendor]} of everyday words")
    print(len(concepts.names), "concepts")


if __name__ == "__main__":
    main(*sys.argv[1:])
