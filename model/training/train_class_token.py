"""Trains the class token's path on a bank of what its windows see, with the patches' path left as `start.py` made it.

At the start nothing but the first layer writes on the patches, so what the windows see can be stored once for many
augmented views, and the class token's part of every later layer trained on that, a hundred times faster than the tower.
"""

import argparse
import pathlib
import time

import numpy
import torch
from torch import nn
from torch.nn import functional as F

from augment import normalised, views
from start import SEEN, discriminate, seen_by_windows, settle, structure
from towers import IMAGE, ImageTower
from train_images import Drawings, Prototypes, plain, score


@torch.no_grad()
def bank(tower, drawings, rounds):
    """Views of every training drawing, those of everyday words twice as often: windows, class tokens and drawings' rows."""
    rows = drawings.train
    words = len(drawings.about["words"])
    here = drawings.concept[rows].cpu()
    everyday = (here >= 0) & (here < words)
    seen, tokens, whose = [], [], []
    for number in range(rounds):
        part = rows if number % 2 == 0 else rows[everyday]
        for some in part.split(256):
            if number == 0:
                pixels = plain(drawings, some, tower.side)
            else:
                rgba = drawings.pixels[some].permute(0, 3, 1, 2).float() / 255
                pixels = normalised(views(rgba, tower.side, 0.2 + 0.6 * torch.rand(1).item())[0])
            s, token = seen_by_windows(tower, pixels)
            seen.append(s.half())
            tokens.append(token)
            whose.append(some)
        print("bank: round", number, sum(map(len, whose)), "views", flush=True)
    return torch.cat(seen), torch.cat(tokens), torch.cat(whose)


def class_token_path(tower, seen, token):
    """What tower.features gives, from what the windows see: [B, windows * SEEN], [B, width] -> [B, width]."""
    x, per_layer = token, tower.heads * SEEN
    for number, block in enumerate(tower.blocks[1:]):
        x = x + block.out(seen[:, number * per_layer : (number + 1) * per_layer])
        x = x + block.fc2(F.gelu(block.fc1(block.layer_norm2(x))))
    return tower.post_norm(x)


def begin(tower, prototypes, drawings, seen, whose, shrink):
    concept = drawings.concept[whose]
    known = concept >= 0
    words = len(drawings.about["words"])
    prior = torch.where(torch.arange(len(prototypes.own)) < words, 1.0, 0.1)
    z = torch.zeros(len(seen), 128)
    z[known] = discriminate(tower, seen[known].float(), concept[known], shrink=shrink, prior=prior)
    with torch.no_grad():
        centre = torch.zeros_like(prototypes.own).index_add_(0, concept[known], z[known])
        has = centre.norm(dim=1) > 0
        centre = F.normalize(centre, dim=1)
        texts = prototypes.texts[has]
        ridge = texts.T @ texts + 2.0 * torch.eye(texts.shape[1])
        prototypes.map.weight.copy_(torch.linalg.solve(ridge, texts.T @ centre[has]).T)
        mapped = F.normalize(prototypes.map(prototypes.texts), dim=1)
        prototypes.own[has] = 2 * centre[has] - mapped[has]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--steps", type=int, default=0)
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument("--shrink", type=float, default=0.003, help="of LDA's within-class scatter towards a sphere")
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--withhold", type=pathlib.Path, help="a file of everyday words to keep out of every caption")
    parser.add_argument("--seed", type=int, default=4)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    withheld = options.withhold.read_text().splitlines() if options.withhold else []
    drawings = Drawings(options.data, torch.device("cpu"), withheld)
    texts = torch.from_numpy(numpy.load(options.data / "concept_texts.npy")).float()
    tower, prototypes = ImageTower(**IMAGE), Prototypes(texts)
    stored = options.data / "bank.pt"
    if stored.exists():
        held = torch.load(stored)
        tower.load_state_dict(held["tower"])
        seen, token, whose = held["seen"], held["token"], held["whose"]
    else:
        structure(tower, plain(drawings, drawings.train[torch.randperm(len(drawings.train))[:600]], tower.side))
        seen, token, whose = bank(tower, drawings, options.rounds)
        torch.save(dict(tower=tower.state_dict(), seen=seen, token=token, whose=whose), stored)
    begun = {name: value.clone() for name, value in tower.state_dict().items()}
    begin(tower, prototypes, drawings, seen, whose, options.shrink)

    def save(step, sharpness):
        top1, top5 = score(tower, prototypes, drawings, "openmoji")
        print(f"step {step} openmoji top-1 {top1:.3f} top-5 {top5:.3f}", flush=True)
        space = dict(tower=tower.state_dict(), prototypes=prototypes().detach(), map=prototypes.map.weight.detach())
        space |= dict(scale=sharpness.exp().item(), openmoji=(top1, top5), step=step, own=prototypes.own.detach())
        torch.save(space, options.out / "space.pt")

    teacher_head = nn.Linear(IMAGE["width"], drawings.teacher.shape[1])
    sharpness = nn.Parameter(torch.tensor(3.0))
    save(0, sharpness)
    later = tower.blocks[1:]
    others = [p for b in later for part in (b.out, b.fc1, b.fc2, b.layer_norm2) for p in part.parameters()]
    others += [*tower.post_norm.parameters(), tower.projection.weight, *teacher_head.parameters(), prototypes.map.weight, sharpness]
    adam = torch.optim.AdamW([dict(params=others, weight_decay=0.1), dict(params=[prototypes.own], weight_decay=0.1)], lr=options.rate)
    position = torch.full((len(drawings.pixels),), -1.0)
    position[drawings.train] = drawings.weight
    chance = position[whose].double()
    chance = chance / torch.zeros(len(position)).double().index_add_(0, whose, torch.ones(len(whose)).double())[whose]
    kept_rows = IMAGE["width"] - SEEN - 24
    mean, std = seen[::7].float().mean(0), seen[::7].float().std(0)
    began, shown = time.time(), []
    for step in range(options.steps):
        rate = min(1, (step + 1) / 60, (1 - step / options.steps) / 0.9)
        for group in adam.param_groups:
            group["lr"] = options.rate * rate
        rows = torch.multinomial(chance, options.batch, replacement=True)
        s = seen[rows].float()
        windows = s.view(len(s), -1, SEEN)
        lost = torch.rand(len(s), windows.shape[1], 1) < 0.3
        s = torch.where(lost, mean.view(-1, SEEN), windows).flatten(1) + 0.4 * torch.randn_like(s) * std
        features = class_token_path(tower, s, token[rows])
        z = F.normalize(tower.projection(features), dim=1)
        concept = drawings.concept[whose[rows]]
        logits = sharpness.exp().clamp(max=40) * z @ prototypes().T
        loss_concept = F.cross_entropy(logits, concept, ignore_index=-1, label_smoothing=0.1)
        loss_teacher = 1 - F.cosine_similarity(teacher_head(features), drawings.teacher[whose[rows]]).mean()
        adam.zero_grad()
        (loss_concept + 2 * loss_teacher).backward()
        adam.step()
        with torch.no_grad():
            for block in later:  # the patches' own channels stay as they are
                block.fc2.weight[kept_rows:] = 0
                block.fc2.bias[kept_rows:] = 0
                block.out.weight[kept_rows:] = 0
                block.out.bias[kept_rows:] = 0
        right = (logits.argmax(1) == concept)[concept >= 0].float().mean().item()
        shown.append((loss_concept.item(), loss_teacher.item(), right))
        if (step + 1) % 100 == 0:
            means = [f"{sum(column) / len(shown):.3f}" for column in zip(*shown)]
            print(f"{time.time() - began:.0f}s", step + 1, *means, f"{sharpness.exp().item():.1f}", flush=True)
            shown = []
        if (step + 1) % 250 == 0 or step + 1 == options.steps:
            save(step + 1, sharpness)
    rows = torch.cat([part[torch.randperm(len(part))[:1500]] for part in [drawings.train[drawings.weight > 2]]])
    first = ImageTower(**IMAGE)
    first.load_state_dict(begun)
    pixels = plain(drawings, rows, tower.side)
    seen, token = (torch.cat(parts) for parts in zip(*[seen_by_windows(first, part) for part in pixels.split(128)]))
    settle(tower, pixels, seen, token)
    save(options.steps, sharpness)


if __name__ == "__main__":
    main()
