"""The drawings as training data, plain pictures of them, and the everyday score on one vendor."""

import json

import numpy
import torch
from torch.nn import functional as F

from augment import normalised

HELD_OUT = ("openmoji", "fluent")


class Drawings:
    def __init__(self, folder, device, withheld=()):
        self.about = json.loads((folder / "concepts.json").read_text())
        stored = numpy.load(folder / "drawings.npz")
        self.vendor = numpy.array(self.about["vendors"])[stored["vendor"]]
        self.hexcode = stored["hexcode"]
        concept = torch.from_numpy(stored["concept"]).long()
        withheld = torch.tensor([self.about["names"].index(word) for word in withheld], dtype=torch.long)
        self.train = torch.from_numpy(numpy.flatnonzero(~numpy.isin(self.vendor, HELD_OUT)))
        self.pixels = torch.from_numpy(stored["pixels"]).to(device)
        self.concept = torch.where(torch.isin(concept, withheld), -1, concept).to(device)  # -1: no word is known for it
        words = len(self.about["words"])
        here = self.concept[self.train].cpu()
        weight = torch.where(here < 0, 0.35, torch.where(here < words, 2.2, 0.8))
        outlines = [v.startswith("streamline-") and v != "streamline-emojis" or v in ("icon-park", "marketeq") for v in self.vendor]
        self.weight = torch.where(torch.tensor(outlines)[self.train], weight * 0.3, weight)  # how often to draw each

    def everyday(self, vendor):
        """Row numbers and the right word's number, for the drawings an everyday word names."""
        right = [(row, self.about["right"].get(str(self.hexcode[row]))) for row in numpy.flatnonzero(self.vendor == vendor)]
        right = [(row, self.about["words"].index(word)) for row, word in right if word is not None]
        return tuple(torch.tensor(column) for column in zip(*right))

    def plain(self, rows, side, fill=None):
        """The drawings on white, normalised, [B, 3, side, side]; fill: what part of the side the drawing takes."""
        rgba = self.pixels[rows].permute(0, 3, 1, 2).float() / 255
        picture = rgba[:, :3] * rgba[:, 3:] + 1 - rgba[:, 3:]
        if fill is not None:
            wide = round(side * fill / FILLED)
            picture = F.interpolate(picture, size=(wide, wide), mode="bicubic", antialias=True)
            left = (side - wide) // 2
            picture = F.pad(picture, (left, side - wide - left) * 2, value=1.0)
        else:
            picture = F.interpolate(picture, size=(side, side), mode="bicubic", antialias=True)
        return normalised(picture.clamp(0, 1))


FILLED = 88 / 96  # of the stored square's side


@torch.no_grad()
def score(tower, prototypes, drawings, vendor="openmoji", fill=0.8):
    """Top-1 and top-5 of the everyday words against prototypes, drawings in about their vendor's margins."""
    rows, right = drawings.everyday(vendor)
    z = torch.cat([tower(drawings.plain(part, tower.side, fill)) for part in rows.split(128)])
    found = (F.normalize(z, dim=1) @ prototypes[: len(drawings.about["words"])].T).topk(5, 1).indices.cpu()
    hit = found == right[:, None]
    return hit[:, 0].float().mean().item(), hit.any(1).float().mean().item()
