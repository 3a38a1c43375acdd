"""Trains the text tower to say what the image tower's prototypes say, and for other English words what the word teacher says.

A caption of a concept is pulled to the concept's prototype against all others; a tag to the mean of its concepts; any other
noun to the word teacher's embedding, mapped into the space by the matrix the image tower was trained with.
"""

import argparse
import json
import pathlib
import random
import time

import numpy
import torch
from torch.nn import functional as F

import bpe
from label_set import TEMPLATES
from muon import Muon
from towers import TEXT, TextTower

MORE = ["a {}", "the {}", "a photo of a {}", "clip art of a {}", "an emoji of a {}", "a small {}", "a cartoon {}"]


def targets(data, state, withheld):
    """Texts with their targets [N, 128], the concept each stands for (or -1), and how often to draw each."""
    about = json.loads((data / "concepts.json").read_text())
    texts = json.loads((data / "texts.json").read_text())
    teacher = torch.from_numpy(numpy.load(data / "text_teacher.npy")).float()
    prototypes, mapped = state["prototypes"], F.normalize(teacher @ state["map"].T, dim=1)
    place = {text: row for row, text in enumerate(texts)}
    hidden = {about["names"].index(word) for word in withheld}
    banned = {caption for concept in hidden for caption in about["captions"][concept]}
    chosen = []
    tagged = {}
    for concept, captions in enumerate(about["captions"]):
        if concept in hidden:
            continue
        for caption in captions:
            often = 6.0 if concept < len(about["words"]) and caption == about["names"][concept] else 1.0
            if caption not in banned:
                chosen.append((caption, prototypes[concept], concept, often))
        for tag in about["tags"][concept]:
            tagged.setdefault(tag, []).append(concept)
    known = {caption for caption, *_ in chosen}
    for tag, concepts in tagged.items():
        if tag not in known and tag not in banned:
            mean = F.normalize(prototypes[concepts].mean(0) + 0.3 * mapped[place[tag]], dim=0)
            chosen.append((tag, mean, -1, 0.3))
    known |= set(tagged)
    for word in texts:
        if word not in known and word not in banned:
            chosen.append((word, mapped[place[word]], -1, 0.12))
    words, goals, concepts, often = zip(*chosen)
    return words, torch.stack(goals), torch.tensor(concepts), torch.tensor(often), prototypes


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--start", type=pathlib.Path, required=True, help="the folder start_images.py wrote")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="the image tower's folder; the text tower joins it")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=2500)
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--withhold", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=4)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    random.seed(options.seed)
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    state = torch.load(options.start / "space.pt", map_location="cpu")
    withheld = options.withhold.read_text().splitlines() if options.withhold else []
    words, goals, concepts, often, prototypes = targets(options.data, state, withheld)
    heard = [w for w, c in zip(words, concepts.tolist()) for _ in range(3 if c >= 0 else 1)]
    tokenizer = bpe.train(heard + [t.replace("{}", "") for t in TEMPLATES + MORE] * 20, TEXT["vocabulary"])
    tokenizer.save_pretrained(options.out / "tokenizer")
    device = torch.device(options.device)
    tower = TextTower(**TEXT).to(device)
    matrices = [p for block in tower.blocks for p in block.parameters() if p.ndim == 2]
    taken = {id(p) for p in matrices}
    muon = Muon(matrices, lr=0.02, weight_decay=0.02)
    adam = torch.optim.AdamW([p for p in tower.parameters() if id(p) not in taken], lr=3e-3, weight_decay=0.01)
    base = [(o, g, g["lr"]) for o in (muon, adam) for g in o.param_groups]
    goals, concepts, prototypes = goals.to(device), concepts.to(device), prototypes.to(device)
    missing = torch.tensor(sorted({*range(len(prototypes))} - set(concepts.tolist())), dtype=torch.long, device=device)
    began = time.time()
    for step in range(options.steps):
        rate = min(1, (step + 1) / 100, (1 - step / options.steps) / 0.8)
        for _, group, lr in base:
            group["lr"] = lr * rate
        rows = torch.multinomial(often, options.batch)
        prompts = [random.choice(TEMPLATES + MORE if random.random() < 0.7 else ["{}"]).replace("{}", words[r]) for r in rows]
        ids, ends = bpe.encode(tokenizer, prompts, TEXT["context"])
        with torch.autocast(device.type, torch.bfloat16):
            z = tower(ids.to(device), ends.to(device))
        z = F.normalize(z.float(), dim=1)
        rows = rows.to(device)
        near = 1 - (z * goals[rows]).sum(1).mean()
        logits = 20 * z @ prototypes.T
        logits[:, missing] = -100
        told = F.cross_entropy(logits, concepts[rows], ignore_index=-1)
        loss = 4 * near + 0.5 * told
        muon.zero_grad()
        adam.zero_grad()
        loss.backward()
        muon.step()
        adam.step()
        if (step + 1) % 100 == 0:
            print(f"{time.time() - began:.0f}s", step + 1, f"distance {near.item():.3f} told {told.item():.3f}", flush=True)
    torch.save(tower.state_dict(), options.out / "texts.pt")


if __name__ == "__main__":
    main()
