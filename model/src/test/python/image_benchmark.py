"""Pillow's processor times for what ImageBenchmark.java measures, on the same files, one thread.

    python image_benchmark.py FOLDER

writes JPEG, PNG and WebP files of three sizes to FOLDER if it has none, then prints the
milliseconds to decode and to resize, median of 21 rounds. Pillow 13.0.0.
"""

import io
import pathlib
import statistics
import sys
import time

import numpy
from PIL import Image

SIZES = [(640, 480), (1280, 960), (4000, 3000)]
ROUNDS = 21


def photo(width, height):
    """Smooth colour with fine noise, which compresses about as well as a photograph."""
    y, x = numpy.mgrid[0:height, 0:width] * (640.0 / width)
    waves = [numpy.sin(x / 17 + y / 31), numpy.cos(x / 23 - y / 13), numpy.sin(x / 97) * numpy.cos(y / 41)]
    noise = numpy.random.default_rng(1).normal(0, 6, (height, width, 1))
    pixels = 127 + 90 * numpy.stack(waves, -1) + noise
    return Image.fromarray(numpy.clip(pixels, 0, 255).astype("uint8"))


def write_files(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for width, height in SIZES:
        image = photo(width, height)
        image.save(folder / f"{width}x{height}.jpg", quality=88)
        image.save(folder / f"{width}x{height}.png", compress_level=6)
        image.save(folder / f"{width}x{height}.webp", quality=85, method=2)


def shortest_edge(image, side):
    width, height = image.size
    if width <= height:
        return image.resize((side, int(side * height / width)), Image.Resampling.BICUBIC)
    return image.resize((int(side * width / height), side), Image.Resampling.BICUBIC)


def main():
    folder = pathlib.Path(sys.argv[1])
    if not folder.is_dir():
        write_files(folder)
    print(f"{'file':24} {'decode ms':>10} {'resize ms':>10}")
    for path in sorted(folder.iterdir()):
        data = path.read_bytes()
        decode, resize = [], []
        for _ in range(ROUNDS):
            start = time.thread_time()
            image = Image.open(io.BytesIO(data)).convert("RGB")
            decoded = time.thread_time()
            shortest_edge(image, 224)
            resize.append((time.thread_time() - decoded) * 1e3)
            decode.append((decoded - start) * 1e3)
        print(f"{path.name:24} {statistics.median(decode):10.1f} {statistics.median(resize):10.1f}")


main()
