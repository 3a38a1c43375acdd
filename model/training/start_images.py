"""Sets the image tower's start and the space it will learn: see `start.py` and `space.py`. No gradient is taken here.

At the start nothing but the first layer writes on the patches, so what the windows see is stored once for many augmented
views, and the class token's path through the later layers is set to the discriminant directions of that in closed form.
"""

import argparse
import pathlib

import numpy
import torch
from torch.nn import functional as F

from augment import normalised, views
from drawings import Drawings, score
from space import SHARPNESS, centres, discriminants, word_map
from start import discriminate, seen_by_windows, settle, structure
from towers import IMAGE, ImageTower


@torch.no_grad()
def bank(tower, drawings, rounds):
    """Views of every training drawing, those of everyday words twice as often: windows and drawings' rows."""
    rows = drawings.train
    here = drawings.concept[rows]
    everyday = (here >= 0) & (here < len(drawings.about["words"]))
    seen, whose = [], []
    for number in range(rounds):
        for some in (rows if number % 2 == 0 else rows[everyday]).split(256):
            if number == 0:
                pixels = drawings.plain(some, tower.side)
            else:
                rgba = drawings.pixels[some].permute(0, 3, 1, 2).float() / 255
                pixels = normalised(views(rgba, tower.side, 0.2 + 0.6 * torch.rand(1).item())[0])
            seen.append(seen_by_windows(tower, pixels)[0].half())
            whose.append(some)
        print("bank: round", number, sum(map(len, whose)), "views", flush=True)
    return torch.cat(seen), torch.cat(whose)


@torch.no_grad()
def teacher_space(drawings, tower, features, shrink):
    """Every drawing's place in the teachers' space, [N, 128]."""
    plain = [drawings.plain(part, tower.side) for part in torch.arange(len(drawings.pixels)).split(128)]
    windows = torch.cat([seen_by_windows(tower, pixels)[0] for pixels in plain])
    small = torch.cat([F.adaptive_avg_pool2d(pixels, 8).flatten(1) for pixels in plain])
    seen = torch.cat([features, windows, small], 1)
    rows = drawings.train[drawings.concept[drawings.train] >= 0]
    directions, mean = discriminants(seen[rows], drawings.concept[rows], len(drawings.about["words"]), shrink)
    return F.normalize((seen - mean) @ directions.T, dim=1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--shrink", type=float, default=0.003, help="of LDA's within-class scatter towards a sphere: the start's")
    parser.add_argument("--teacher-shrink", type=float, default=1.0, help="and the teachers'")
    parser.add_argument("--withhold", type=pathlib.Path, help="a file of everyday words to keep out of every caption")
    parser.add_argument("--seed", type=int, default=4)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    withheld = options.withhold.read_text().splitlines() if options.withhold else []
    drawings = Drawings(options.data, torch.device("cpu"), withheld)
    texts = torch.from_numpy(numpy.load(options.data / "concept_texts.npy")).float()
    tower, stored = ImageTower(**IMAGE), options.data / "bank.pt"
    if stored.exists():
        held = torch.load(stored)
        tower.load_state_dict(held["tower"])
        seen, whose = held["seen"], held["whose"]
    else:
        structure(tower, drawings.plain(drawings.train[torch.randperm(len(drawings.train))[:600]], tower.side))
        seen, whose = bank(tower, drawings, options.rounds)
        torch.save(dict(tower=tower.state_dict(), seen=seen, whose=whose), stored)

    concepts, concept, words = len(drawings.about["names"]), drawings.concept, len(drawings.about["words"])
    features = torch.from_numpy(numpy.load(options.data / "image_teacher.npy")).float()
    place = teacher_space(drawings, tower, features, options.teacher_shrink)
    rows = drawings.train[concept[drawings.train] >= 0]
    told = centres(place[rows], concept[rows], concepts)
    tested, right = drawings.everyday("openmoji")
    top1 = (place[tested] @ told[:words].T).argmax(1) == right
    print(f"the teachers' space: openmoji top-1 {top1.float().mean():.3f}", flush=True)

    # the start, its discriminants turned so that they lie as near as can be to the teachers'
    known = concept[whose] >= 0
    directions, mean = discriminants(seen[known].float(), concept[whose[known]], words, options.shrink)
    mine = F.normalize((seen[known].float() - mean) @ directions.T, dim=1)
    u, _, v = torch.linalg.svd(place[whose[known]].T @ mine)
    some = drawings.train[torch.randperm(len(drawings.train))[:1500]]
    pixels = torch.cat([drawings.plain(part, tower.side, fill) for part, fill in zip(some.split(500), (0.95, 0.8, 0.65))])
    windows, token = (torch.cat(parts) for parts in zip(*[seen_by_windows(tower, part) for part in pixels.split(128)]))
    discriminate(tower, (u @ v) @ directions, mean, seen[known][::9].float())
    settle(tower, pixels, windows, token)
    mapped = word_map(told, texts)
    prototypes = torch.where(told.norm(dim=1, keepdim=True) > 0, told, F.normalize(texts @ mapped.T, dim=1))
    for fill in (0.95, 0.8):
        print(f"the start, filling {fill}: openmoji top-1 %.3f top-5 %.3f" % score(tower, prototypes, drawings, fill=fill), flush=True)
    space = dict(tower=tower.state_dict(), prototypes=prototypes, map=mapped, place=place, scale=SHARPNESS)
    torch.save(space, options.out / "space.pt")


if __name__ == "__main__":
    main()
