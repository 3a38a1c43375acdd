"""Writes the SHA-256 of the pixels that open_clip's preprocessing makes of picture files.

    python model/src/test/python/make_open_clip_pixels_golden.py

A line has the file, resize_mode, interpolation, size and the SHA-256 of the RGB bytes, rows from the
top, before they become floats. Files are RGB or gray: others open_clip resizes before it makes them
RGB, which for palettes and alpha is not the same. Made with open_clip_torch 3.3, Pillow 13.
"""

import hashlib
import pathlib

import numpy as np
from open_clip.transform import PreprocessCfg, image_transform_v2
from PIL import Image

RESOURCES = pathlib.Path(__file__).resolve().parents[1] / "resources/dev/tagstream/model/image"
FILES = [
    "size-160x120.jpg", "sampling-420-45x37.jpg", "progressive-q60.jpg", "gray.jpg", "size-8x90.jpg", "size-90x8.jpg",
    "size-224x224.jpg", "size-1x1.jpg", "size-2x3.jpg", "animated-own-still.png", "type2-8bit.png",
    "gray-progressive.jpg", "orientation-6.jpg",
]
SIZES = [224, 256, 63]


def main():
    rows = []
    for name in FILES:
        image = Image.open(RESOURCES / "files" / name)
        assert image.mode in ("RGB", "L"), (name, image.mode)
        for mode in ("shortest", "longest", "squash"):
            for interpolation in ("bicubic", "bilinear"):
                for size in SIZES:
                    config = PreprocessCfg(size=size, resize_mode=mode, interpolation=interpolation)
                    steps = image_transform_v2(config, is_train=False).transforms
                    # All but the last two, which make it a tensor and normalise that.
                    pixels = image
                    for step in steps[:-2]:
                        pixels = step(pixels)
                    array = np.asarray(pixels)
                    assert array.shape == (size, size, 3) and array.dtype == np.uint8
                    digest = hashlib.sha256(array.tobytes()).hexdigest()
                    rows.append("\t".join([name, mode, interpolation, str(size), digest]))
    (RESOURCES / "open-clip.tsv").write_text("\n".join(rows) + "\n")
    print(len(rows))


if __name__ == "__main__":
    main()
