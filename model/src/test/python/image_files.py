"""Makes the small image files that the image tests decode.

    python -m venv V && V/bin/pip install pillow==13.0.0 numpy==2.4.6 simplejpeg==1.9.0 \
        imagecodecs==2026.3.6 tifffile==2026.3.3
    V/bin/python image_files.py ../resources/dev/tagstream/model/image/files
    V/bin/python image_golden.py ../resources/dev/tagstream/model/image

The files stand in the repository; running this again is needed only to add some. Formats that
no encoder writes in all their variants (PNG, GIF, BMP) are put together in image_bytes.py.
"""

import pathlib
import sys

import imagecodecs
import numpy
import simplejpeg
import tifffile
from PIL import Image, ImageCms

import image_bytes

RANDOM = numpy.random.default_rng(13)
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def photo(width, height, channels=3):
    """Waves, edges and noise: smooth and sharp places in every channel."""
    y, x = numpy.mgrid[0:height, 0:width].astype(float)
    planes = [
        127 + 100 * numpy.sin(x / 7 + y / 11),
        127 + 100 * numpy.cos(x / 9 - y / 5),
        numpy.where((x // 6 + y // 4) % 2, 220, 30),
        (x * 7 + y * 3) % 256,
    ]
    noise = RANDOM.normal(0, 12, (height, width, 1))
    pixels = numpy.stack(planes[:channels], -1) + noise
    return numpy.ascontiguousarray(numpy.clip(pixels, 0, 255).astype("uint8"))


def without_segments(jpeg, *markers):
    """The JPEG without the named application segments before its first scan."""
    kept, at = jpeg[:2], 2
    while jpeg[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if jpeg[at + 1] not in markers:
            kept += jpeg[at:end]
        at = end
    return kept + jpeg[at:]


def write_jpegs(folder):
    for sampling in ["444", "422", "420", "440", "411"]:
        for width, height in [(45, 37), (5, 3)]:
            data = simplejpeg.encode_jpeg(photo(width, height), 88, "RGB", sampling)
            (folder / f"sampling-{sampling}-{width}x{height}.jpg").write_bytes(data)
    gray = Image.fromarray(photo(45, 37)).convert("L")
    gray.save(folder / "gray.jpg")
    gray.save(folder / "gray-progressive.jpg", progressive=True)
    for width, height in [(1, 1), (2, 3), (1, 50), (50, 1), (8, 90), (90, 8), (160, 120), (224, 224)]:
        Image.fromarray(photo(width, height)).save(folder / f"size-{width}x{height}.jpg", quality=80)
    for quality in [20, 60, 100]:
        image = Image.fromarray(photo(61, 47))
        image.save(folder / f"progressive-q{quality}.jpg", quality=quality, progressive=True)
    Image.fromarray(photo(45, 37)).save(folder / "rgb-adobe.jpg", keep_rgb=True)
    Image.fromarray(photo(45, 37)).save(folder / "restart.jpg", restart_marker_blocks=2)
    Image.fromarray(photo(45, 37)).save(folder / "profile.jpg", icc_profile=SRGB, comment=b"hello")
    plain = simplejpeg.encode_jpeg(photo(45, 37), 88, "RGB", "444")
    (folder / "no-jfif.jpg").write_bytes(without_segments(plain, 0xE0))
    spelled = imagecodecs.jpeg8_encode(photo(45, 37), level=88, colorspace="rgb", outcolorspace="rgb")
    (folder / "rgb-component-names.jpg").write_bytes(without_segments(spelled, 0xE0, 0xEE))
    inks = photo(45, 37, 4)
    Image.fromarray(inks, "CMYK").save(folder / "cmyk.jpg")
    Image.fromarray(inks, "CMYK").save(folder / "cmyk-progressive.jpg", progressive=True)
    (folder / "cmyk-no-adobe.jpg").write_bytes(
        without_segments((folder / "cmyk.jpg").read_bytes(), 0xEE)
    )
    ycck = imagecodecs.jpeg8_encode(inks, level=88, colorspace="cmyk", outcolorspace="ycck")
    (folder / "ycck.jpg").write_bytes(ycck)
    (folder / "trailing-bytes.jpg").write_bytes(plain + b"and then some")


def write_oriented(folder):
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        image = Image.fromarray(photo(31, 19))
        image.save(folder / f"orientation-{orientation}.jpg", exif=exif, quality=70)
        image.save(folder / f"orientation-{orientation}.tif", exif=exif, compression="tiff_lzw")
        if orientation in (1, 3, 5, 6, 8):
            image.save(folder / f"orientation-{orientation}.png", exif=exif)
            image.save(folder / f"orientation-{orientation}.webp", exif=exif)


def write_webps(folder):
    for width, height in [(45, 37), (1, 1), (90, 8)]:
        rgb = Image.fromarray(photo(width, height))
        rgba = Image.fromarray(photo(width, height, 4), "RGBA")
        rgb.save(folder / f"lossy-{width}x{height}.webp", quality=75)
        rgb.save(folder / f"lossless-{width}x{height}.webp", lossless=True)
        rgba.save(folder / f"alpha-lossy-{width}x{height}.webp", quality=75)
        rgba.save(folder / f"alpha-lossless-{width}x{height}.webp", lossless=True, exact=True)
    Image.fromarray(photo(45, 37)).save(folder / "profile.webp", icc_profile=SRGB)
    frames = [Image.fromarray(photo(30, 20, 4), "RGBA") for _ in range(3)]
    frames[0].save(folder / "animated.webp", save_all=True, append_images=frames[1:])
    for name in ["alpha-lossy", "alpha-lossless", "lossless"]:
        still = (folder / f"{name}-45x37.webp").read_bytes()
        moved = image_bytes.webp_with_frame_at(still, 45, 37, 6, 10, 80, 60)
        (folder / f"animated-offset-{name}.webp").write_bytes(moved)


def write_tiffs(folder):
    image = Image.fromarray(photo(37, 29))
    modes = {"rgb": "RGB", "rgba": "RGBA", "gray": "L", "bilevel": "1", "cmyk": "CMYK", "la": "LA"}
    for compression in [None, "tiff_lzw", "tiff_adobe_deflate", "packbits"]:
        for name, mode in modes.items():
            if compression in (None, "tiff_lzw") or name in ("rgb", "bilevel"):
                path = folder / f"{name}-{str(compression).replace('tiff_', '').lower()}.tif"
                image.convert(mode).save(path, compression=compression)
    image.quantize(64).save(folder / "palette.tif")
    image.convert("1").save(folder / "group3.tif", compression="group3")
    image.convert("1").save(folder / "group4.tif", compression="group4")
    image.save(folder / "jpeg.tif", compression="jpeg")
    image.convert("YCbCr").save(folder / "ycbcr.tif")
    pixels = photo(37, 29)
    deep = pixels.astype("u2") * 257
    alpha = photo(37, 29, 4)
    premultiplied = alpha.copy()
    premultiplied[..., :3] = alpha[..., :3].astype(int) * alpha[..., 3:] // 255
    write = tifffile.imwrite
    write(folder / "gray16.tif", deep[..., 0] // 100)
    write(folder / "rgb16.tif", deep, photometric="rgb")
    write(folder / "rgb16-big-endian.tif", deep, photometric="rgb", byteorder=">")
    write(folder / "premultiplied.tif", premultiplied, photometric="rgb", extrasamples=["assocalpha"])
    write(folder / "planar.tif", pixels.transpose(2, 0, 1).copy(), photometric="rgb", planarconfig="separate")
    write(folder / "white-is-zero.tif", pixels[..., 0], photometric="miniswhite")
    write(folder / "tiled.tif", pixels, photometric="rgb", tile=(16, 16), compression="zlib", predictor=True)
    write(folder / "bigtiff.tif", pixels, photometric="rgb", bigtiff=True)
    write(folder / "strips.tif", pixels, photometric="rgb", rowsperstrip=7, compression="lzw")
    write(folder / "jpeg-420.tif", pixels, photometric="ycbcr", compression="jpeg", subsampling=(2, 2))
    write(folder / "two-pages.tif", numpy.stack([pixels, 255 - pixels]), photometric="rgb")


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    write_jpegs(folder)
    write_oriented(folder)
    write_webps(folder)
    write_tiffs(folder)
    image_bytes.write_pngs(folder, photo, RANDOM)
    image_bytes.write_gifs(folder, photo, RANDOM)
    image_bytes.write_bmps(folder, photo, RANDOM)


main()
