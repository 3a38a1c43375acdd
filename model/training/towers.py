"""The two towers of a CLIP model, with the names and shapes of Hugging Face's CLIPModel, and room to drop patches.

Blocks are pre-norm transformers with exact GELU. Dropping patches in training is FLIP (Li et al., 2023); the start
values of attention and positions follow "mimetic initialization" (Trockman and Kolter, 2023).
"""

import math

import torch
from torch import nn
from torch.nn import functional as F

IMAGE = dict(side=64, patch=8, width=192, layers=7, heads=6)
TEXT = dict(vocabulary=3000, context=24, width=128, layers=4, heads=2)
DIMENSION = 128


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.layer_norm1, self.layer_norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.q, self.k, self.v, self.out = (nn.Linear(width, width) for _ in range(4))
        self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x, causal, first_only=False):
        """first_only: the new state of the first token alone, [B, 1, width]."""
        rows, _, width = x.shape
        normed = self.layer_norm1(x)
        split = lambda t: t.view(rows, -1, self.heads, width // self.heads).transpose(1, 2)
        if first_only:
            x = x[:, :1]
        q, k, v = split(self.q(normed[:, : x.shape[1]])), split(self.k(normed)), split(self.v(normed))
        x = x + self.out(attention(q, k, v, causal).transpose(1, 2).reshape(x.shape))
        return x + self.fc2(F.gelu(self.fc1(self.layer_norm2(x))))


def attention(q, k, v, causal):
    """Written out: with so few tokens the fused kernel's backward pass is six times as slow on a CPU in bfloat16."""
    scores = q @ k.mT * q.shape[-1] ** -0.5
    if causal:
        later = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).triu(1)
        scores = scores.masked_fill(later, float("-inf"))
    return scores.softmax(-1) @ v


def start_blocks(blocks, mimetic):
    for block in blocks:
        width = block.q.in_features
        for linear in (block.q, block.k, block.v, block.out, block.fc1, block.fc2):
            nn.init.xavier_uniform_(linear.weight)
            nn.init.zeros_(linear.bias)
        if not mimetic:
            continue
        size = width // block.heads
        for head in range(block.heads):
            rows = slice(head * size, (head + 1) * size)
            close = 0.7 * torch.randn(width, width) / math.sqrt(width) + 0.7 * torch.eye(width)
            u, s, v = torch.linalg.svd(close)
            block.q.weight.data[rows] = (u[:, :size] * s[:size].sqrt()).T
            block.k.weight.data[rows] = v[:size] * s[:size].sqrt()[:, None]
        negative = 0.4 * torch.randn(width, width) / math.sqrt(width) - 0.4 * torch.eye(width)
        u, s, v = torch.linalg.svd(negative)
        block.v.weight.data = v * s.sqrt()[:, None]
        block.out.weight.data = u * s.sqrt()


def plane_waves(grid, width):
    """Fixed sine and cosine positions on a grid, as a start for the learned ones."""
    rate = 1 / 100 ** (torch.arange(width // 4) / (width // 4))
    place = torch.arange(grid)[:, None] * rate
    line = torch.cat([place.sin(), place.cos()], 1)
    return torch.cat([line[:, None].expand(grid, grid, -1), line[None].expand(grid, grid, -1)], 2).reshape(grid * grid, width)


class ImageTower(nn.Module):
    def __init__(self, side, patch, width, layers, heads):
        super().__init__()
        self.side, self.patch, self.heads = side, patch, heads
        self.patch_embedding = nn.Conv2d(3, width, patch, patch, bias=False)
        self.class_embedding = nn.Parameter(torch.randn(width) * 0.02)
        self.position = nn.Parameter(torch.cat([torch.zeros(1, width), 0.5 * plane_waves(side // patch, width)]))
        self.pre_norm, self.post_norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.projection = nn.Linear(width, DIMENSION, bias=False)
        start_blocks(self.blocks, mimetic=True)
        nn.init.xavier_uniform_(self.projection.weight)
        nn.init.xavier_uniform_(self.patch_embedding.weight.view(width, -1))

    def embed(self, pixels, kept):
        """[B, 3, S, S] normalised pixels -> [B, 1 + patches, width] with places; kept: [B, n] patches not dropped."""
        rows, _, side, _ = pixels.shape
        grid, patch = side // self.patch, self.patch
        patches = pixels.view(rows, 3, grid, patch, grid, patch).permute(0, 2, 4, 1, 3, 5).reshape(rows, grid * grid, -1)
        position = self.position[1:].expand(rows, -1, -1)
        if kept is not None:
            patches = patches.gather(1, kept[:, :, None].expand(-1, -1, patches.shape[2]))
            position = position.gather(1, kept[:, :, None].expand(-1, -1, position.shape[2]))
        x = F.linear(patches, self.patch_embedding.weight.flatten(1)) + position
        return torch.cat([(self.class_embedding + self.position[0]).expand(rows, 1, -1), x], 1)

    def features(self, pixels, kept=None):
        x = self.pre_norm(self.embed(pixels, kept))
        for block in self.blocks:
            x = block(x, causal=False, first_only=block is self.blocks[-1])
        return self.post_norm(x[:, 0])

    def forward(self, pixels, kept=None):
        return self.projection(self.features(pixels, kept))


class TextTower(nn.Module):
    def __init__(self, vocabulary, context, width, layers, heads):
        super().__init__()
        self.heads = heads
        self.token = nn.Embedding(vocabulary, width)
        self.position = nn.Parameter(torch.randn(context, width) * 0.02)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.final_norm = nn.LayerNorm(width)
        self.projection = nn.Linear(width, DIMENSION, bias=False)
        nn.init.normal_(self.token.weight, std=0.05)
        start_blocks(self.blocks, mimetic=False)
        nn.init.xavier_uniform_(self.projection.weight)

    def forward(self, ids, ends):
        """ids: [B, T]; ends: [B], where each row's end token stands, whose state is the text's."""
        x = self.token(ids) + self.position[: ids.shape[1]]
        for block in self.blocks:
            x = block(x, causal=True)
        x = self.final_norm(x)
        return self.projection(x[torch.arange(len(ids)), ends])
