"""Scores a checkpoint through transformers on the everyday list, and writes golden data for other implementations.

evaluate.py score  CHECKPOINT NODE_MODULES EVERYDAY_TSV [fluent|openmoji] [FILE_OF_WORDS]
evaluate.py demo   CHECKPOINT DEMO_FOLDER
evaluate.py golden CHECKPOINT DEMO_FOLDER OUT_JSON
evaluate.py pictures NODE_MODULES EVERYDAY_TSV fluent|openmoji OUT_FOLDER
evaluate.py compare CHECKPOINT THAT_FOLDER FILE_OF_JSON_LINES
"""

import collections
import hashlib
import json
import pathlib
import sys

import torch
import transformers
from PIL import Image, ImageOps

from label_set import TEMPLATES
from prepare import iconify, key

GOLDEN_PICTURES = ["dog.jpg", "elephant.png", "penguin.webp", "butterfly.gif", "soccer-ball.bmp", "key.tiff"]
GOLDEN_TEXTS = ["dog", "cat", "a photo of a cat", "a drawing of a polar bear", "an icon of a fire truck", "pizza emoji", "T-Shirt",
                "a picture of a hot dog", "statue of liberty", "smiling face", "the moon, at night", "  two   spaces ", "café", "42 balloons",
                "snow-capped mountain", "an astronaut riding a horse", "zebra!", "don't", "xylophone", ""]  # fmt: skip


class Clip:
    def __init__(self, folder):
        self.model = transformers.CLIPModel.from_pretrained(folder, dtype=torch.float32).eval()
        self.tokenizer = transformers.CLIPTokenizerFast.from_pretrained(folder)
        self.processor = transformers.CLIPImageProcessorPil.from_pretrained(folder)

    @torch.no_grad()
    def images(self, pictures):
        pixels = self.processor(images=pictures, return_tensors="pt")["pixel_values"]
        state = self.model.vision_model(pixel_values=pixels).pooler_output
        return torch.nn.functional.normalize(self.model.visual_projection(state), dim=1)

    @torch.no_grad()
    def texts(self, texts):
        context = self.model.config.text_config.max_position_embeddings
        batch = self.tokenizer(texts, padding=True, truncation=True, max_length=context, return_tensors="pt")
        state = self.model.text_model(**batch).pooler_output
        return torch.nn.functional.normalize(self.model.text_projection(state), dim=1)

    def labels(self, words):
        rows = [self.texts([template.replace("{}", word) for template in TEMPLATES]).mean(0) for word in words]
        return torch.nn.functional.normalize(torch.stack(rows), dim=1)


def flattened(picture, background="#ffffff"):
    picture = picture.convert("RGBA")
    plain = Image.new("RGBA", picture.size, background)
    plain.alpha_composite(picture)
    return plain.convert("RGB")


def held_out(modules, vendor, codes):
    """Pictures by emoji code, on white: Fluent 3D's own files, or OpenMoji's drawings rendered at 256 px."""
    if vendor == "fluent":
        for code, full in codes.items():
            for form in (code.lower(), full.lower(), code.lower() + "-fe0f"):
                path = modules / f"@lobehub/fluent-emoji-3d/assets/{form}.webp"
                if path.exists():
                    yield code, flattened(Image.open(path))
                    break
        return
    import io

    import resvg_py

    _, chars, svg = iconify(modules, "openmoji")
    for code in codes:
        if code in chars:
            yield code, flattened(Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=svg(chars[code]), width=256)))))


def everyday(node_modules, everyday_tsv, vendor):
    """The words, and of one vendor the emoji, pictures and right words' numbers."""
    modules, words, word_of = pathlib.Path(node_modules), [], {}
    data = json.loads((modules / "emojibase-data/en/data.json").read_text())
    for line in open(everyday_tsv):
        if not line.startswith("#"):
            word, names = line.rstrip("\n").split("\t")
            words.append(word)
            word_of |= {name.strip().lower(): word for name in names.split(",")}
    named = {key(e["hexcode"]): e for e in data if e["label"].lower() in word_of}
    codes, pictures = zip(*held_out(modules, vendor, {code: e["hexcode"] for code, e in named.items()}))
    emoji = [named[code] for code in codes]
    return words, emoji, list(pictures), [words.index(word_of[e["label"].lower()]) for e in emoji]


def score(folder, node_modules, everyday_tsv, vendor="fluent", only=None):
    clip = Clip(folder)
    groups = json.loads((pathlib.Path(node_modules) / "emojibase-data/meta/groups.json").read_text())["groups"]
    words, emoji, pictures, right = everyday(node_modules, everyday_tsv, vendor)
    found = (clip.images(pictures) @ clip.labels(words).T).topk(5, 1).indices
    hits = found == torch.tensor(right)[:, None]
    wanted = set(pathlib.Path(only).read_text().splitlines()) if only else set(words)
    table = collections.defaultdict(lambda: [0, 0, 0])
    for one, number, hit, guess in zip(emoji, right, hits, found):
        if words[number] in wanted:
            for row in ("all", groups[str(one["group"])]):
                for column, value in enumerate((1, int(hit[0]), int(hit.any()))):
                    table[row][column] += value
            if not hit[0]:
                print(f"  wrong: {one['label']} -> {words[guess[0]]}", file=sys.stderr)
    print(f"| {vendor} | images | top-1 | top-5 |\n|---|---:|---:|---:|")
    for row, (many, first, five) in table.items():
        print(f"| {row} | {many} | {100 * first / many:.1f} % | {100 * five / many:.1f} % |")


def pictures(node_modules, everyday_tsv, vendor, out):
    """The vendor's pictures as PNG files that other implementations can tag; right.json has their words."""
    words, emoji, drawn, right = everyday(node_modules, everyday_tsv, vendor)
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    for one, picture in zip(emoji, drawn):
        picture.save(out / f"{one['hexcode']}.png")
    named = {f"{e['hexcode']}.png": words[r] for e, r in zip(emoji, right)}
    (out / "right.json").write_text(json.dumps(dict(words=words, right=named)))


def compare(folder, drawn, tagged):
    """What `tagstream tag PICTURES --json` says of these pictures (the file `tagged`) against transformers."""
    clip, drawn = Clip(folder), pathlib.Path(drawn)
    about = json.loads((drawn / "right.json").read_text())
    words, right = about["words"], about["right"]
    lines = [json.loads(line) for line in open(tagged)]
    names = [pathlib.Path(line["image"]).name for line in lines]
    ranked = [[l["name"] for l in sorted(line["labels"], key=lambda l: -l["similarity"])[:5]] for line in lines]
    embedded = clip.images([Image.open(drawn / name) for name in names])
    theirs = [[words[i] for i in row] for row in (embedded @ clip.labels(words).T).topk(5, 1).indices]
    for who, found in (("tagstream", ranked), ("transformers", theirs)):
        first = sum(right[name] == row[0] for name, row in zip(names, found))
        five = sum(right[name] in row for name, row in zip(names, found))
        print(f"{who}: {len(names)} of {len(right)} pictures, top-1 {first} ({100 * first / len(right):.1f} %), "
              f"top-5 {five} ({100 * five / len(right):.1f} %)")  # fmt: skip
    cosine = (embedded * torch.tensor([line["embedding"] for line in lines])).sum(1)
    same = sum(a[0] == b[0] for a, b in zip(ranked, theirs))
    print(f"the same top label on {same}, least cosine between image embeddings {cosine.min():.6f}")


def demo(folder, demo):
    clip, demo = Clip(folder), pathlib.Path(demo)
    files, right = zip(*(line.split("\t") for line in (demo / "expected.tsv").read_text().splitlines()))
    words = [line.split("name: ")[1].split(",")[0] for line in (demo / "everyday.yaml").read_text().splitlines() if "- {id" in line]
    pictures = [ImageOps.exif_transpose(Image.open(demo / "images" / name)).convert("RGB") for name in files]
    guesses = [words[i] for i in (clip.images(pictures) @ clip.labels(words).T).argmax(1)]
    print(sum(g == r for g, r in zip(guesses, right)), "of", len(files), [(r, g) for g, r in zip(guesses, right) if g != r])


def golden(folder, demo, out):
    clip, demo = Clip(folder), pathlib.Path(demo)
    pictures = [ImageOps.exif_transpose(Image.open(demo / "images" / name)).convert("RGB") for name in GOLDEN_PICTURES]
    pixels = [clip.processor(images=[picture], return_tensors="pt")["pixel_values"][0] for picture in pictures]
    mean, std = (torch.tensor(values)[:, None, None] for values in (clip.processor.image_mean, clip.processor.image_std))
    bytes_of = [((p * std + mean) * 255).round().byte().permute(1, 2, 0).numpy().tobytes() for p in pixels]
    rounded = lambda row: [round(value, 8) for value in row.tolist()]
    images = [dict(file=name, pixelsSha256=hashlib.sha256(data).hexdigest(), embedding=rounded(row))
              for name, data, row in zip(GOLDEN_PICTURES, bytes_of, clip.images(pictures))]  # fmt: skip
    texts = [dict(text=text, ids=clip.tokenizer(text, truncation=True, max_length=24)["input_ids"], embedding=rounded(clip.texts([text])[0]))
             for text in GOLDEN_TEXTS]  # fmt: skip
    weights = hashlib.sha256((pathlib.Path(folder) / "model.safetensors").read_bytes()).hexdigest()
    made = f"transformers {transformers.__version__}, Pillow {Image.__version__}; pixels are RGB rows, 8 bits, 64 x 64, after resize and crop"
    about = dict(madeBy=made, weightsSha256=weights, logitScale=clip.model.logit_scale.exp().item(), images=images, texts=texts)
    pathlib.Path(out).write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    dict(score=score, demo=demo, golden=golden, pictures=pictures, compare=compare)[sys.argv[1]](*sys.argv[2:])
