"""Random views of drawings, made in batches from RGBA pixels on the training device."""

import math

import torch
from torch.nn import functional as F

MEAN = (0.5, 0.5, 0.5)
STD = (0.5, 0.5, 0.5)


def uniform(rows, low, high, device):
    return torch.rand(rows, device=device) * (high - low) + low


def views(rgba, side, strength=1.0):
    """[B, 4, H, W] in 0..1 -> [B, 3, side, side] in 0..1: turned, scaled, shaded, recoloured, on some background.

    strength 0 gives almost plain pictures, 1 the full range.
    """
    rows, device, s = len(rgba), rgba.device, strength
    colour, alpha = rgba[:, :3], rgba[:, 3:]
    flat = torch.cat([colour * alpha, alpha], 1)

    # one affine map: turn, scale, stretch, shear, shift, mirror
    turn = uniform(rows, -0.35, 0.35, device) * s
    scale = 1 / torch.exp(uniform(rows, math.log(1 - 0.4 * s), math.log(1 + 0.15 * s), device))
    stretch = torch.exp(uniform(rows, -0.15, 0.15, device) * s)
    shear = uniform(rows, -0.15, 0.15, device) * s
    mirror = torch.where(torch.rand(rows, device=device) < 0.5, -1.0, 1.0)
    room = 0.06 + (scale - 1).clamp(min=0) * 0.5
    dx, dy = (uniform(rows, -1, 1, device) * room for _ in range(2))
    cos, sin = turn.cos() * scale, turn.sin() * scale
    row0 = torch.stack([cos * stretch * mirror, (shear * cos - sin) / stretch, dx], 1)
    row1 = torch.stack([sin * stretch * mirror, (shear * sin + cos) / stretch, dy], 1)
    grid = F.affine_grid(torch.stack([row0, row1], 1), [rows, 4, side, side], align_corners=False)
    flat = F.grid_sample(flat, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    alpha = flat[:, 3:]
    colour = flat[:, :3] / alpha.clamp(min=1e-3)

    # colours: turn the hue, change the saturation, contrast and brightness; now and then gray
    hue = uniform(rows, -0.25, 0.25, device) * s
    wild = torch.rand(rows, device=device) < 0.15 * s
    hue = torch.where(wild, uniform(rows, -math.pi, math.pi, device), hue)
    saturation = torch.exp(uniform(rows, -0.6, 0.5, device) * s)
    saturation = torch.where(torch.rand(rows, device=device) < 0.08 * s, 0.0, saturation)
    gray = colour.mean(1, keepdim=True)
    chroma = colour - gray
    crossed = (chroma.roll(1, 1) - chroma.roll(2, 1)) / math.sqrt(3)
    part = lambda t: t[:, None, None, None]
    chroma = part(hue.cos() * saturation) * chroma + part(hue.sin() * saturation) * crossed
    contrast = torch.exp(uniform(rows, -0.4, 0.3, device) * s)
    lift = uniform(rows, -0.12, 0.12, device) * s
    colour = (gray - 0.5) * part(contrast) + 0.5 + part(lift) + chroma

    # soft light and shade; half of them lit from one side, as rounded bodies are; a fifth with a drawn outline
    shade = torch.randn(rows, 1, 4, 4, device=device) * 0.16 * s
    shade = F.interpolate(shade, size=(side, side), mode="bicubic", align_corners=False)
    colour = colour + shade + relief(colour, alpha) * part((torch.rand(rows, device=device) - 0.5).clamp(min=0) * 2 * s)
    line = F.max_pool2d(alpha, 3, 1, 1) - alpha if torch.rand(1).item() < 0.5 else alpha + F.max_pool2d(-alpha, 3, 1, 1)
    line = line * (torch.rand(rows, 1, 1, 1, device=device) < 0.2 * s)
    colour = (colour * (1 - line) + 0.1 * line).clamp(0, 1)
    alpha = torch.maximum(alpha, line)

    # white, black, or any colour behind, now and then with a gradient
    plain = torch.rand(rows, 3, 1, 1, device=device)
    white = torch.rand(rows, 1, 1, 1, device=device)
    behind = torch.where(white < 0.5, torch.ones_like(plain), torch.where(white < 0.56, torch.zeros_like(plain), plain))
    behind = behind.expand(-1, -1, side, side)
    slope = F.interpolate(torch.rand(rows, 3, 2, 2, device=device), size=(side, side), mode="bilinear", align_corners=True)
    behind = torch.where(white > 0.85, slope, behind)
    picture = colour * alpha + behind * (1 - alpha)

    # a third slightly blurred, some noise
    blurred = F.avg_pool2d(F.pad(picture, (1, 1, 1, 1), mode="replicate"), 3, 1)
    some = torch.rand(rows, 1, 1, 1, device=device) < 0.3 * s
    picture = torch.where(some, blurred, picture)
    picture = picture + torch.randn_like(picture) * part(uniform(rows, 0, 0.03, device) * s)
    return picture.clamp(0, 1), alpha


def relief(colour, alpha):
    """Light and shade in -1..1 as if the drawing bulged, lit from anywhere: the slope of the blurred shape and its colours."""
    height = F.avg_pool2d(alpha * (0.7 + 0.6 * colour.mean(1, keepdim=True)), 4)
    height = F.interpolate(F.avg_pool2d(height, 3, 1, 1), size=alpha.shape[2:], mode="bilinear", align_corners=False)
    across, down = height.roll(2, 3) - height.roll(-2, 3), height.roll(2, 2) - height.roll(-2, 2)
    angle = uniform(len(colour), 0, 2 * math.pi, colour.device)[:, None, None, None]
    return (3 * (angle.cos() * across + angle.sin() * down)).clamp(-1, 1)


def normalised(picture):
    mean = torch.tensor(MEAN, device=picture.device)[:, None, None]
    std = torch.tensor(STD, device=picture.device)[:, None, None]
    return (picture - mean) / std


def kept_patches(alpha, patch, count):
    """Patch numbers to keep, [B, count]: at random, those with something drawn on them four times as likely."""
    share = F.avg_pool2d(alpha, patch).flatten(1)
    weight = torch.where(share > 0.02, 1.0, 0.25)
    chance = torch.log(weight) - torch.log(-torch.log(torch.rand_like(weight).clamp(1e-6, 1 - 1e-6)))
    return chance.topk(count, 1).indices.sort(1).values
