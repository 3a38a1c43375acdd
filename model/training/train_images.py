"""Trains the image tower to say of any view of a drawing what the teachers say of the clean drawing; resumes by itself.

Three goals: the drawing's place in the teachers' space; over all concepts, the likeness to prototypes that this place has,
half-way to the one right concept; and, from a head that is thrown away, the ImageNet features themselves.
"""

import argparse
import pathlib
import time

import numpy
import torch
from torch import nn
from torch.nn import functional as F

from augment import kept_patches, normalised, views
from drawings import Drawings, score
from muon import Muon
from space import SHARPNESS
from towers import IMAGE, ImageTower


def raw_teacher(folder, drawings, rank=192):
    """The ImageNet features' main directions, half-way to equal variances, length one."""
    features = torch.from_numpy(numpy.load(folder / "image_teacher.npy")).float()
    features = features - features[drawings.train].mean(0)
    value, vector = torch.linalg.eigh(features[drawings.train].T @ features[drawings.train])
    return F.normalize(features @ vector[:, -rank:] / value[-rank:] ** 0.25, dim=1)


class Average:
    """An exponential moving average of a model's weights."""

    def __init__(self, model, decay):
        self.model, self.decay, self.count = model, decay, 0
        self.mean = {name: value.clone() for name, value in model.state_dict().items()}

    @torch.no_grad()
    def update(self):
        self.count += 1
        decay = min(self.decay, self.count / (self.count + 10))
        for name, value in self.model.state_dict().items():
            self.mean[name].lerp_(value, 1 - decay)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--start", type=pathlib.Path, required=True, help="the folder start_images.py wrote")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=5000)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--kept", type=int, default=31, help="patches kept of 64 until the last part")
    parser.add_argument("--whole", type=float, default=0.1, help="the last part of the steps, with every patch")
    parser.add_argument("--cooling", type=float, default=0.35, help="the last part of the steps, with falling rates")
    parser.add_argument("--muon", type=float, default=0.006, help="rate of the blocks' matrices")
    parser.add_argument("--adam", type=float, default=5e-4, help="rate of all else")
    parser.add_argument("--average", type=float, default=0.995)
    parser.add_argument("--withhold", type=pathlib.Path, help="a file of everyday words to keep out of every caption")
    parser.add_argument("--seed", type=int, default=4)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    device = torch.device(options.device)
    options.out.mkdir(parents=True, exist_ok=True)
    withheld = options.withhold.read_text().splitlines() if options.withhold else []
    drawings = Drawings(options.data, device, withheld)
    space = torch.load(options.start / "space.pt", map_location=device)
    place, prototypes = space["place"], space["prototypes"]
    raw = raw_teacher(options.data, drawings).to(device)
    tower, tested = ImageTower(**IMAGE).to(device), ImageTower(**IMAGE).to(device)
    tower.load_state_dict(space["tower"])
    raw_head = nn.Linear(IMAGE["width"], raw.shape[1]).to(device)
    average = Average(tower, options.average)
    matrices = [p for block in tower.blocks for p in block.parameters() if p.ndim == 2]
    others = [p for p in [*tower.parameters(), *raw_head.parameters()] if not any(p is matrix for matrix in matrices)]
    optimizers = [Muon(matrices, lr=options.muon, weight_decay=0.02),
                  torch.optim.AdamW(others, lr=options.adam, betas=(0.9, 0.98), weight_decay=0.01)]  # fmt: skip
    base = [(group, group["lr"]) for optimizer in optimizers for group in optimizer.param_groups]
    first, saved = 0, options.out / "images.pt"
    if saved.exists():
        state = torch.load(saved, map_location=device)
        tower.load_state_dict(state["tower"])
        raw_head.load_state_dict(state["raw_head"])
        for optimizer, kept in zip(optimizers, state["optimizers"]):
            optimizer.load_state_dict(kept)
        average.mean, average.count, first = state["average"], state["step"], state["step"]
        torch.manual_seed(options.seed + first)
    began, shown = time.time(), []
    for step in range(first, options.steps):
        part = step / options.steps
        for group, rate in base:
            group["lr"] = rate * min(1, (step + 1) / 100, (1 - part) / options.cooling)
        rows = drawings.train[torch.multinomial(drawings.weight, options.batch)].to(device)
        picture, alpha = views(drawings.pixels[rows].permute(0, 3, 1, 2).float() / 255, IMAGE["side"], 0.3 + 0.6 * torch.rand(1).item())
        kept = None if part >= 1 - options.whole else kept_patches(alpha, IMAGE["patch"], options.kept)
        with torch.autocast(device.type, torch.bfloat16):
            features = tower.features(normalised(picture), kept)
        features = features.float()
        z = F.normalize(tower.projection(features), dim=1)
        concept, goal = drawings.concept[rows], place[rows]
        likeness = (SHARPNESS * goal @ prototypes.T).softmax(1)
        known = concept >= 0
        likeness[known] = 0.5 * likeness[known] + 0.5 * F.one_hot(concept[known], len(prototypes))
        logits = SHARPNESS * z @ prototypes.T
        loss_place = 1 - (z * goal).sum(1).mean()
        loss_concept = F.cross_entropy(logits, likeness)
        loss_raw = 1 - F.cosine_similarity(raw_head(features), raw[rows]).mean()
        for optimizer in optimizers:
            optimizer.zero_grad()
        (4 * loss_place + loss_concept + loss_raw).backward()
        for optimizer in optimizers:
            optimizer.step()
        average.update()
        right = (logits.argmax(1) == concept)[known].float().mean()
        shown.append((loss_place.item(), loss_concept.item(), loss_raw.item(), right.item()))
        if (step + 1) % 50 == 0:
            means = [f"{sum(column) / len(shown):.3f}" for column in zip(*shown)]
            pace = (step + 1 - first) * options.batch / (time.time() - began)
            print(f"{time.time() - began:.0f}s", step + 1, *means, f"{pace:.0f}/s", flush=True)
            shown = []
        if (step + 1) % 100 == 0 or step + 1 == options.steps:
            tested.load_state_dict(average.mean)
            top1, top5 = score(tested, prototypes, drawings)
            print(f"step {step + 1} openmoji top-1 {top1:.3f} top-5 {top5:.3f}", flush=True)
            torch.save(space | dict(tower=average.mean), options.out / "space.pt")
            state = dict(tower=tower.state_dict(), raw_head=raw_head.state_dict(), optimizers=[o.state_dict() for o in optimizers])
            torch.save(state | dict(average=average.mean, step=step + 1), saved.with_suffix(".new"))
            saved.with_suffix(".new").replace(saved)


if __name__ == "__main__":
    main()
