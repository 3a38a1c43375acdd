"""Trains the image tower against concept prototypes and a teacher's view of each clean drawing; resumes by itself.

Prototypes are W m(c) + e(c): m is the word teacher's embedding of the concept, so that the space is one words can be
mapped into; e is what tells this concept apart in drawings. They are thrown away once the text tower has learned them.
"""

import argparse
import json
import pathlib
import time

import numpy
import torch
from torch import nn
from torch.nn import functional as F

from augment import kept_patches, normalised, views
from muon import Muon
from towers import DIMENSION, IMAGE, ImageTower

HELD_OUT = ("openmoji", "fluent")


class Drawings:
    def __init__(self, folder, device, withheld=()):
        self.about = json.loads((folder / "concepts.json").read_text())
        stored = numpy.load(folder / "drawings.npz")
        self.vendor = numpy.array(self.about["vendors"])[stored["vendor"]]
        self.hexcode = stored["hexcode"]
        concept = torch.from_numpy(stored["concept"]).long()
        self.train = torch.from_numpy(numpy.flatnonzero(~numpy.isin(self.vendor, HELD_OUT)))
        self.pixels = torch.from_numpy(stored["pixels"]).to(device)
        self.withheld = [self.about["names"].index(word) for word in withheld]
        known = concept.clone()
        known[torch.isin(concept, torch.tensor(self.withheld, dtype=torch.long))] = -1
        self.concept = known.to(device)
        words = len(self.about["words"])
        here = known[self.train]
        weight = torch.where(here < 0, 0.35, torch.where(here < words, 2.2, 0.8))
        mono = torch.tensor([v.startswith("streamline-") and v != "streamline-emojis" or v in ("icon-park", "marketeq")
                             for v in self.vendor[self.train.numpy()]])  # fmt: skip
        self.weight = torch.where(mono, weight * 0.3, weight)
        teacher = torch.from_numpy(numpy.load(folder / "image_teacher.npy")).float()
        centred = teacher - teacher[self.train].mean(0)
        value, vector = torch.linalg.eigh(centred[self.train].T @ centred[self.train])
        white = centred @ vector[:, -192:] / value[-192:] ** 0.25  # half-way to equal variances
        self.teacher = F.normalize(white, dim=1).to(device)

    def everyday(self, vendor):
        """Row numbers and the right word's number, for the drawings an everyday word names."""
        rows, right = [], []
        for row in numpy.flatnonzero(self.vendor == vendor):
            word = self.about["right"].get(str(self.hexcode[row]))
            if word is not None:
                rows.append(row)
                right.append(self.about["words"].index(word))
        return torch.tensor(rows), torch.tensor(right)


class Prototypes(nn.Module):
    def __init__(self, texts):
        super().__init__()
        self.register_buffer("texts", texts)
        self.map = nn.Linear(texts.shape[1], DIMENSION, bias=False)
        self.own = nn.Parameter(torch.zeros(len(texts), DIMENSION))
        nn.init.orthogonal_(self.map.weight)

    def forward(self):
        return F.normalize(F.normalize(self.map(self.texts), dim=1) + self.own, dim=1)


@torch.no_grad()
def plain(drawings, rows, side, size=1.0):
    rgba = drawings.pixels[rows].permute(0, 3, 1, 2).float() / 255
    picture = rgba[:, :3] * rgba[:, 3:] + 1 - rgba[:, 3:]
    return normalised(F.interpolate(picture, size=(side, side), mode="bicubic", antialias=True).clamp(0, 1))


@torch.no_grad()
def score(tower, prototypes, drawings, vendor):
    rows, right = drawings.everyday(vendor)
    z = torch.cat([tower(plain(drawings, part, tower.side)) for part in rows.split(128)])
    found = (F.normalize(z, dim=1) @ prototypes()[: len(drawings.about["words"])].T).topk(5, 1).indices.cpu()
    hit = found == right[:, None]
    return hit[:, 0].float().mean().item(), hit.any(1).float().mean().item()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=5000)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--kept", type=int, default=28, help="patches kept of 64 until the last part")
    parser.add_argument("--whole", type=float, default=0.12, help="the last part of the steps, with every patch")
    parser.add_argument("--muon", type=float, default=0.008)
    parser.add_argument("--adam", type=float, default=0.001)
    parser.add_argument("--teacher", type=float, default=2.0)
    parser.add_argument("--own", type=float, default=0.05, help="strength of the decay that keeps prototypes near words")
    parser.add_argument("--withhold", type=pathlib.Path, help="a file of everyday words to keep out of every caption")
    parser.add_argument("--start", type=pathlib.Path, help="a folder of train_class_token.py to go on from")
    parser.add_argument("--seed", type=int, default=4)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    device = torch.device(options.device)
    options.out.mkdir(parents=True, exist_ok=True)
    withheld = options.withhold.read_text().splitlines() if options.withhold else []
    drawings = Drawings(options.data, device, withheld)
    texts = torch.from_numpy(numpy.load(options.data / "concept_texts.npy")).float()
    tower, prototypes = ImageTower(**IMAGE).to(device), Prototypes(texts).to(device)
    if options.start and not (options.out / "images.pt").exists():
        space = torch.load(options.start / "space.pt", map_location=device)
        tower.load_state_dict(space["tower"])
        prototypes.map.weight.data.copy_(space["map"])
        prototypes.own.data.copy_(space["own"])
        print("start: openmoji top-1 %.3f top-5 %.3f" % score(tower, prototypes, drawings, "openmoji"), flush=True)
    teacher_head = nn.Linear(IMAGE["width"], drawings.teacher.shape[1]).to(device)
    sharpness = nn.Parameter(torch.tensor(2.7, device=device))
    matrices = [p for block in tower.blocks for p in block.parameters() if p.ndim == 2]
    taken = {id(p) for p in matrices}
    others = [p for p in tower.parameters() if id(p) not in taken]
    others += [*teacher_head.parameters(), prototypes.map.weight, sharpness]
    muon = Muon(matrices, lr=options.muon, weight_decay=0.02)
    adam = torch.optim.AdamW(
        [dict(params=others, weight_decay=0.01), dict(params=[prototypes.own], weight_decay=options.own)],
        lr=options.adam, betas=(0.9, 0.98))  # fmt: skip
    base = [(o, g, g["lr"]) for o in (muon, adam) for g in o.param_groups]
    keep = nn.ModuleDict(dict(tower=tower, prototypes=prototypes, teacher_head=teacher_head))
    first, saved = 0, options.out / "images.pt"
    if saved.exists():
        state = torch.load(saved, map_location=device)
        keep.load_state_dict(state["model"])
        muon.load_state_dict(state["muon"])
        adam.load_state_dict(state["adam"])
        sharpness.data.copy_(state["sharpness"])
        first = state["step"]
    grid = (IMAGE["side"] // IMAGE["patch"]) ** 2
    began, shown = time.time(), []
    for step in range(first, options.steps):
        part = step / options.steps
        rate = min(1, (step + 1) / 60, (1 - part) / 0.7)
        for optimizer, group, lr in base:
            group["lr"] = lr * rate
        rows = drawings.train[torch.multinomial(drawings.weight, options.batch)].to(device)
        picture, alpha = views(
            drawings.pixels[rows].permute(0, 3, 1, 2).float() / 255, IMAGE["side"], min(0.9, 0.35 + part))
        kept = None if part >= 1 - options.whole else kept_patches(alpha, IMAGE["patch"], options.kept)
        with torch.autocast(device.type, torch.bfloat16):
            features = tower.features(normalised(picture), kept)
        features = features.float()
        z = F.normalize(tower.projection(features), dim=1)
        concept = drawings.concept[rows]
        logits = sharpness.exp().clamp(max=40) * z @ prototypes().T
        loss_concept = F.cross_entropy(logits, concept.clamp(min=-1), ignore_index=-1, label_smoothing=0.1)
        loss_teacher = 1 - F.cosine_similarity(teacher_head(features), drawings.teacher[rows]).mean()
        loss = loss_concept + options.teacher * loss_teacher
        muon.zero_grad()
        adam.zero_grad()
        loss.backward()
        muon.step()
        adam.step()
        right = (logits.argmax(1) == concept)[concept >= 0].float().mean().item()
        shown.append((loss_concept.item(), loss_teacher.item(), right))
        if (step + 1) % 50 == 0:
            means = [f"{sum(column) / len(shown):.3f}" for column in zip(*shown)]
            pace = (step + 1 - first) * options.batch / (time.time() - began)
            print(f"{time.time() - began:.0f}s", step + 1, *means, f"{sharpness.exp().item():.1f}", f"{pace:.0f}/s", flush=True)
            shown = []
        if (step + 1) % 100 == 0 or step + 1 == options.steps:
            top1, top5 = score(tower, prototypes, drawings, "openmoji")
            print(f"step {step + 1} openmoji top-1 {top1:.3f} top-5 {top5:.3f}", flush=True)
            state = dict(model=keep.state_dict(), muon=muon.state_dict(), adam=adam.state_dict())
            state |= dict(sharpness=sharpness.data, step=step + 1)
            space = dict(tower=tower.state_dict(), prototypes=prototypes().detach(), map=prototypes.map.weight.detach())
            space |= dict(own=prototypes.own.detach(), scale=sharpness.exp().item(), openmoji=(top1, top5), step=step + 1)
            torch.save(space, options.out / "space.pt")
            torch.save(state, saved.with_suffix(".new"))
            saved.with_suffix(".new").replace(saved)


if __name__ == "__main__":
    main()
