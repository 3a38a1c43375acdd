"""The space both towers are trained into: discriminant directions (LDA) of what several eyes see in the training drawings.

The eyes are ImageNet networks' features, the histograms of edges and colours that the structured start reads, and 8 x 8
pixels. None of them is shipped; each drawing's place in the space is what the image tower learns to say of any view of it.
"""

import torch
from torch.nn import functional as F

SHARPNESS = 20.0  # of the likeness to prototypes: the logit scale
RARE = 0.1  # weight of a concept outside the everyday list in the scatter between concepts


@torch.no_grad()
def discriminants(seen, concept, words, shrink, rank=128):
    """LDA directions [rank, D] with the mean to take off first; words: how many concepts, the first ones, are everyday words.

    shrink: of the scatter inside concepts towards a sphere, as a part of its mean variance.
    """
    mean, std = seen.mean(0), seen.std(0) + 1e-6
    z = (seen - mean) / std
    many = torch.bincount(concept).float()
    centre = torch.zeros(len(many), z.shape[1]).index_add_(0, concept, z) / many.clamp(min=1)[:, None]
    rest = z - centre[concept]
    inside = rest.T @ rest / len(z)
    inside += shrink * inside.trace() / len(inside) * torch.eye(len(inside))
    value, vector = torch.linalg.eigh(inside)
    whiten = vector * value.rsqrt()
    prior = torch.where(torch.arange(len(many)) < words, 1.0, RARE) * (many > 1)
    between = (centre - (centre * prior[:, None]).sum(0) / prior.sum()) @ whiten * prior.sqrt()[:, None]
    _, _, v = torch.linalg.svd(between, full_matrices=False)
    return v[:rank] @ whiten.T / std, mean


@torch.no_grad()
def centres(z, concept, count):
    """The mean direction of each concept's drawings, [count, 128]; zero for a concept without a drawing."""
    return F.normalize(torch.zeros(count, z.shape[1]).index_add_(0, concept, z), dim=1)


@torch.no_grad()
def word_map(prototypes, texts, ridge=2.0):
    """Least squares from the word teacher's embeddings to the prototypes that exist, [128, 384]."""
    has = prototypes.norm(dim=1) > 0
    known = texts[has]
    return torch.linalg.solve(known.T @ known + ridge * torch.eye(known.shape[1]), known.T @ prototypes[has]).T
