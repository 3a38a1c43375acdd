"""Writes what Pillow 13.0.0 makes of the image files, and of resampling made-up pixels.

    python image_golden.py ../resources/dev/tagstream/model/image

reads FOLDER/files and writes FOLDER/golden.tsv: file, width and height as displayed, SHA-256 of
the 224 x 224 pixels with orientation applied, the same without. Files whose decoders agree only
nearly have their pixels as decoded in FOLDER/near/NAME.rgb instead of hashes. FOLDER/resampled.tsv
holds sizes, a filter and the SHA-256 of the result, for pixels from a linear congruential
generator that the Java test runs too.
"""

import hashlib
import pathlib
import sys

import numpy
import PIL
from PIL import Image, ImageOps

NEAR = {"ycbcr.tif"}


def digest(image):
    return hashlib.sha256(image.tobytes()).hexdigest()


def centre_crop(image, width, height):
    """The crop of transformers: floor, padded with zeros where the image is smaller."""
    left = (image.width - width) // 2
    top = (image.height - height) // 2
    return image.crop((left, top, left + width, top + height))


def clip_pixels(image, side=224, resample=Image.Resampling.BICUBIC):
    width, height = image.size
    if width <= height:
        size = (side, int(side * height / width))
    else:
        size = (int(side * width / height), side)
    return centre_crop(image.resize(size, resample), side, side)


def write_golden(folder):
    rows = []
    for path in sorted((folder / "files").iterdir()):
        as_is = Image.open(path).convert("RGB")
        turned = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
        if path.name in NEAR:
            (folder / "near").mkdir(exist_ok=True)
            (folder / "near" / f"{path.name}.rgb").write_bytes(turned.tobytes())
            continue
        hashes = [digest(clip_pixels(turned)), digest(clip_pixels(as_is))]
        rows.append([path.name, str(turned.width), str(turned.height), *hashes])
    text = "".join("\t".join(row) + "\n" for row in rows)
    (folder / "golden.tsv").write_text(text)


def made_up_pixels(width, height, seed):
    """Upper bytes of x' = 1664525 x + 1013904223 (mod 2^32), row by row, R before G before B."""
    count = width * height * 3
    multiplier = numpy.cumprod(numpy.full(count, 1664525, "uint32"), dtype="uint32")
    series = numpy.cumsum(numpy.concatenate([[1], multiplier[:-1]]).astype("uint32"), dtype="uint32")
    states = multiplier * numpy.uint32(seed) + series * numpy.uint32(1013904223)
    return Image.fromarray((states >> 24).astype("uint8").reshape(height, width, 3))


def write_resampled(folder):
    random = numpy.random.default_rng(7)
    rows = []

    def add(width, height, how, side, resample):
        seed = len(rows) + 1
        image = made_up_pixels(width, height, seed)
        if how == "shortest":
            result = clip_pixels(image, side, resample)
        elif how == "padded":
            result = centre_crop(image, side, side)
        else:
            result = image.resize((side, side // 2 + 1), resample)
        rows.append(f"{width}\t{height}\t{seed}\t{how}\t{side}\t{int(resample)}\t{digest(result)}\n")

    for width, height in [(1, 1), (1, 7), (7, 1), (224, 224), (223, 224), (225, 224), (448, 448), (2, 900)]:
        add(width, height, "shortest", 224, Image.Resampling.BICUBIC)
    for _ in range(60):
        width, height = (int(v) for v in random.integers(1, 700, 2))
        add(width, height, "shortest", int(random.choice([32, 64, 224, 225, 336])), Image.Resampling.BICUBIC)
    # The six that a preprocessor_config.json may name; Pillow 13 has two more.
    for resample in [Image.Resampling(number) for number in range(6)]:
        for width, height in [(300, 211), (90, 130), (17, 500), (224, 224), (1, 3)]:
            add(width, height, "shortest", 96, resample)
            add(width, height, "both", 77, resample)
    for width, height in [(50, 300), (300, 50), (31, 30), (97, 98)]:
        add(width, height, "padded", 96, Image.Resampling.BICUBIC)
    (folder / "resampled.tsv").write_text("".join(rows))


def main():
    if PIL.__version__ != "13.0.0":
        sys.exit(f"golden data is made with Pillow 13.0.0, not {PIL.__version__}")
    folder = pathlib.Path(sys.argv[1])
    write_golden(folder)
    write_resampled(folder)


main()
