"""A start for the image tower that already sees something: edges by direction, colours, and where they are.

The first layer's MLP is set to oriented edge and colour detectors, as in histograms of oriented gradients (Dalal and
Triggs, 2005); the class token's heads in the later layers to Gaussian windows over the picture; and their output to
the discriminant directions (LDA) of what those windows see in the training drawings. Every weight is then trained.
"""

import math

import torch
from torch.nn import functional as F

from towers import plane_waves

SEEN = 32  # channels of edges and colours on each patch
PLACE = 24  # channels that say where a patch is


def oriented(side, angle, size, place):
    """A first derivative of a Gaussian at a place of a patch, [3, side, side], equal in all three colours."""
    y, x = torch.meshgrid(torch.arange(side).float(), torch.arange(side).float(), indexing="ij")
    x, y = x - place[0], y - place[1]
    along = x * math.cos(angle) + y * math.sin(angle)
    wave = along * torch.exp(-(x * x + y * y) / (2 * size * size))
    wave = wave - wave.mean()
    return (wave / wave.norm() / math.sqrt(3)).expand(3, side, side)


def detectors(side, hidden):
    """Filters [hidden, 3 * side * side], thresholds and the channel each adds to."""
    filters, channel, flat = [], [], []
    for angle in range(8):
        for polarity in (0, 1):
            turn = angle * math.pi / 8 + polarity * math.pi
            for size, grid, first in ((0.9, 5, 0), (2.0, 2, 8)):
                for place in range(grid * grid):
                    step = side / grid
                    at = ((place % grid + 0.5) * step - 0.5, (place // grid + 0.5) * step - 0.5)
                    filters.append(oriented(side, turn, size, at))
                    channel.append(first + angle)
                    flat.append(False)
    colours = torch.tensor([[1, 1, 1], [-1, -1, -1], [1, -0.5, -0.5], [1, 1, -1], [-0.5, 1, -0.5], [-1, 1, 1],
                            [-0.5, -0.5, 1], [1, -1, 1], [1, 0, -1], [-1, 0, 1], [1, -1, 0], [-1, 1, 0],
                            [0.6, 0.2, -0.4], [0.2, 0.6, -0.4], [-0.4, 0.2, 0.6], [0.5, 0.1, 0.1]])  # fmt: skip
    room = (hidden - len(filters)) // (len(colours) * 4) * 4
    for number, colour in enumerate(colours):
        for quarter in range(4):
            mask = torch.zeros(side, side)
            half = side // 2
            mask[quarter // 2 * half :, quarter % 2 * half :][:half, :half] = 1
            patch = F.normalize(colour, dim=0)[:, None, None] * mask / mask.norm()
            for _ in range(room // 4):
                filters.append(patch)
                channel.append(16 + number)
                flat.append(True)
    return torch.stack(filters).flatten(1), torch.tensor(channel), torch.tensor(flat)


@torch.no_grad()
def structure(tower, pixels):
    """Sets patches, places, detectors and windows; pixels: some normalised training views [N, 3, S, S]."""
    width, patch = tower.projection.in_features, tower.patch
    grid = tower.side // patch
    content = width - SEEN - PLACE
    cut = F.unfold(pixels[:600], patch, stride=patch).transpose(1, 2).reshape(-1, 3 * patch * patch)
    cut = cut[torch.randperm(len(cut))[:30000]]
    _, s, v = torch.linalg.svd(cut - cut.mean(0), full_matrices=False)
    soft = (s / len(cut) ** 0.5 + 0.15) ** -0.6
    patches = v[:content] * soft[:content, None]
    patches *= 0.35 / (cut @ patches.T).std()
    tower.patch_embedding.weight.zero_()
    tower.patch_embedding.weight.view(width, -1)[:content] = patches

    # places: x, y, x2 + y2, one, and waves
    at = (torch.arange(grid) + 0.5) / grid * 2 - 1
    y, x = (t.flatten() for t in torch.meshgrid(at, at, indexing="ij"))
    place = torch.stack([x, y, x * x + y * y, torch.ones_like(x)], 1)
    place = torch.cat([place, -place, plane_waves(grid, PLACE - 12) * 0.5, torch.zeros(grid * grid, 4)], 1) * 1.5
    tower.position.zero_()
    tower.position[1:, -PLACE:] = place
    tower.class_embedding.zero_()
    tower.class_embedding[-4:] = 4.0  # says "I am the class token"
    tower.class_embedding[-PLACE + 2], tower.class_embedding[-PLACE + 6] = 3.0, -3.0  # far from every window

    for block in tower.blocks:  # at the start nothing writes over the places
        block.out.weight[-PLACE:] = 0
        block.fc2.weight[-PLACE - SEEN :] = 0

    # the first layer's MLP: detectors
    block = tower.blocks[0]
    block.out.weight.mul_(0.1)
    filters, channel, flat = detectors(patch, block.fc1.out_features)
    count = len(filters)
    reading = filters @ torch.linalg.pinv(patches)
    x = tower.pre_norm(tower.embed(pixels[:200], None))[:, 1:]
    seen = block.layer_norm2(x).reshape(-1, width)[:, :content] @ reading.T
    reading = reading / seen.std(0, keepdim=True).T
    block.fc1.weight[:count].zero_()
    block.fc1.weight[:count, :content] = reading * 2.5
    block.fc1.bias[:count] = torch.where(flat, -0.3, -1.0)
    block.fc2.weight.mul_(0.1)
    block.fc2.weight[:, :count] = 0
    block.fc2.weight[content + channel, torch.arange(count)] = 1.0
    found = F.gelu(seen * 2.5 / seen.std(0) + block.fc1.bias[:count])
    mean = torch.zeros(SEEN).index_add_(0, channel, found.mean(0))
    summed = torch.zeros(len(found), SEEN).index_add_(1, channel, found)
    block.fc2.weight[content : content + SEEN, :] /= summed.std(0)[:, None]
    block.fc2.bias[content : content + SEEN] = -mean / summed.std(0)

    # the later layers: windows for the class token's heads, exp(-|p - c|^2 / (2 * 0.24^2)) whatever the norms make of p
    later = tower.blocks[1:]
    heads = tower.heads
    centres = window_centres(len(later) * heads)
    size = width // heads
    x = tower.blocks[0](tower.pre_norm(tower.embed(pixels[:200], None)), causal=False)
    unit = later[0].layer_norm1(x)[:, 1:, -PLACE + 3].mean()
    sharp = 1 / (unit * 4 * 0.24**2)
    for number, block in enumerate(later):
        block.q.weight.zero_()  # each head asks the same of every picture
        block.k.weight.zero_()
        block.v.weight.zero_()
        block.fc2.weight.zero_()
        for head in range(heads):
            cx, cy = centres[number * heads + head]
            first = head * size
            window = torch.tensor([2 * cx, 2 * cy, -1.0, -cx * cx - cy * cy]) * sharp
            block.q.bias[first] = size**0.5
            block.k.weight[first, -PLACE : -PLACE + 8] = torch.cat([window, -window])
            block.v.weight[range(first, first + SEEN), range(content, content + SEEN)] = 1.0
        # the MLPs are for the class token: a patch, which does not say it is one, drives every unit below zero
        said = later[0].layer_norm1(x)[:, 0, -4:].sum(1).mean()
        block.fc1.weight[:, -4:] = 5.0 / said
        block.fc1.bias[:] = -5.0
        block.out.weight.zero_()


def window_centres(total):
    """Evenly spread centres in -1..1, row by row."""
    lines = round(total**0.5)
    counts = [total // lines + (1 if line < total % lines else 0) for line in range(lines)]
    return [((i + 0.5) / n * 1.7 - 0.85, (line + 0.5) / lines * 1.7 - 0.85) for line, n in enumerate(counts) for i in range(n)]


@torch.no_grad()
def seen_by_windows(tower, pixels):
    """What the class token's heads read in each later layer at the start (no layer has written yet), [B, windows * SEEN],
    and the class token itself before it reads, [B, width]."""
    x = tower.blocks[0](tower.pre_norm(tower.embed(pixels, None)), causal=False)
    heads, width = tower.heads, tower.projection.in_features
    size, read = width // heads, []
    for block in tower.blocks[1:]:
        normed = block.layer_norm1(x)
        split = (len(x), -1, heads, size)
        q, k, v = (linear(normed).view(split).transpose(1, 2) for linear in (block.q, block.k, block.v))
        read.append(F.scaled_dot_product_attention(q[:, :, :1], k, v)[:, :, 0, :SEEN].flatten(1))
    return torch.cat(read, 1), x[:, 0]


@torch.no_grad()
def discriminate(tower, directions, mean, seen):
    """Writes directions [rank, windows * SEEN] into the heads' output matrices; seen: windows of some views, for the size."""
    rank = len(directions)
    gain = 2.0 / ((seen - mean) @ directions.T).norm(dim=1).mean()
    width, heads = tower.projection.in_features, tower.heads
    size = width // heads
    for number, block in enumerate(tower.blocks[1:]):
        for head in range(heads):
            first = (number * heads + head) * SEEN
            block.out.weight[:rank, head * size : head * size + SEEN] = directions[:, first : first + SEEN] * gain
    tower.blocks[-1].out.bias[:rank] = -(mean @ directions.T) * gain
    tower.projection.weight.mul_(0.02)
    tower.projection.weight[:, :rank] += torch.eye(rank)


@torch.no_grad()
def settle(tower, pixels, seen, token):
    """Fits each later layer's output matrix to what its heads really read, once earlier layers have written on the patches too.

    The class token's path was trained on windows over untouched patches (`seen`). Layer by layer, the least-squares output
    matrix from the real readings gives the class token what it was trained with.
    """
    later, per_layer, width = tower.blocks[1:], tower.heads * SEEN, tower.projection.in_features
    x = torch.cat([tower.blocks[0](tower.pre_norm(tower.embed(part, None)), causal=False) for part in pixels.split(128)])
    wanted = token
    for number, block in enumerate(later):
        goal = block.out(seen[:, number * per_layer : (number + 1) * per_layer])
        readings = torch.cat([attended(block, tower.heads, part) for part in x.split(128)])
        design = torch.cat([readings[:, 0], torch.ones(len(x), 1)], 1)
        kept = torch.cat([block.out.weight, block.out.bias[:, None]], 1).T
        gram = design.T @ design
        ridge = 0.003 * gram.diagonal().mean() * torch.eye(len(gram))
        drift = wanted - x[:, 0]  # what earlier layers could not fit
        found = torch.linalg.solve(gram + ridge, design.T @ (goal + drift) + ridge @ kept)
        found[:, width - SEEN - PLACE :] = kept[:, width - SEEN - PLACE :]
        wanted = wanted + goal
        wanted = wanted + block.fc2(F.gelu(block.fc1(block.layer_norm2(wanted))))
        block.out.weight.copy_(found[:-1].T)
        block.out.bias.copy_(found[-1])
        x = torch.cat([block(part, causal=False) for part in x.split(128)])
        error = (x[:, 0] - wanted).norm(dim=1).mean() / (wanted - token).norm(dim=1).mean()
        print(f"settle: layer {number + 1}, the class token is off by {error:.3f}", flush=True)


def attended(block, heads, x):
    """What a block's heads read, before its output matrix, [B, T, width]."""
    rows, length, width = x.shape
    normed = block.layer_norm1(x)
    q, k, v = (linear(normed).view(rows, length, heads, -1).transpose(1, 2) for linear in (block.q, block.k, block.v))
    return F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(rows, length, width)
