"""PNG, GIF, BMP and animated WebP files in variants that no encoder writes, byte by byte."""

import struct
import zlib

import numpy
from PIL import Image

ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def png_chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def packed(samples, bits):
    """One row of samples as PNG packs them."""
    flat = samples.reshape(-1)
    if bits == 8:
        return flat.astype("uint8").tobytes()
    if bits == 16:
        return flat.astype(">u2").tobytes()
    return numpy.packbits(numpy.unpackbits(flat.astype("uint8")[:, None], axis=1)[:, 8 - bits :]).tobytes()


def png(samples, bits, colour_type, extra=b"", interlaced=False):
    height, width = samples.shape[:2]
    passes = ADAM7 if interlaced else [(0, 0, 1, 1)]
    rows = b""
    for x, y, dx, dy in passes:
        part = samples[y::dy, x::dx]
        if part.size:
            rows += b"".join(b"\0" + packed(row, bits) for row in part)
    header = struct.pack(">IIBBBBB", width, height, bits, colour_type, 0, 0, int(interlaced))
    chunks = png_chunk(b"IHDR", header) + extra + png_chunk(b"IDAT", zlib.compress(rows, 9))
    return b"\x89PNG\r\n\x1a\n" + chunks + png_chunk(b"IEND", b"")


def write_pngs(folder, photo, random):
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
    depths = {0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]}
    for colour_type, count in channels.items():
        for bits in depths[colour_type]:
            for interlaced in [False, True]:
                deep = photo(21, 17, 4)[..., :count].astype(int) * 257 + random.integers(0, 200)
                samples = numpy.minimum(deep, 65535) >> (16 - bits)
                extra = b""
                if colour_type == 3:
                    used = max(2, (1 << bits) - 1)
                    samples = samples % used
                    extra = png_chunk(b"PLTE", random.integers(0, 256, 3 * used).astype("uint8").tobytes())
                    extra += png_chunk(b"tRNS", bytes(range(used)))
                elif colour_type in (0, 2) and interlaced:
                    extra = png_chunk(b"tRNS", samples[0, 0].astype(">u2").tobytes())
                name = f"type{colour_type}-{bits}bit{'-interlaced' if interlaced else ''}.png"
                (folder / name).write_bytes(png(samples, bits, colour_type, extra, interlaced))
    gamma = png_chunk(b"gAMA", struct.pack(">I", 100000))
    (folder / "gamma.png").write_bytes(png(photo(21, 17), 8, 2, gamma))
    (folder / "gray16-dark.png").write_bytes(png(photo(21, 17)[..., :1].astype(int) * 2, 16, 0))
    frames = [Image.fromarray(photo(24, 16)) for _ in range(3)]
    frames[0].save(folder / "animated.png", save_all=True, append_images=frames[1:])
    frames[0].save(folder / "animated-own-still.png", save_all=True, append_images=frames[1:], default_image=True)
    for width, height in [(1, 1), (1, 60), (60, 1), (300, 20), (20, 300), (223, 225)]:
        stripes = Image.fromarray(photo(width, height)).quantize(16)
        stripes.save(folder / f"drawing-{width}x{height}.png", optimize=True)


def gif_frame(gif):
    """The compressed data of a GIF's first frame."""
    at = 13 + (3 * (2 << (gif[10] & 7)) if gif[10] & 0x80 else 0)
    while gif[at] == 0x21:
        at += 2
        while gif[at]:
            at += 1 + gif[at]
        at += 1
    start = at + 10 + (3 * (2 << (gif[at + 9] & 7)) if gif[at + 9] & 0x80 else 0)
    end = start + 1
    while gif[end]:
        end += 1 + gif[end]
    return gif[start : end + 1]


def gif(screen, palette, frames, transparent=None):
    """frames: (left, top, width, height, palette, compressed data)"""

    def table(colours):
        return (0x80 | (len(colours) // 3).bit_length() - 2) if colours else 0

    out = b"GIF89a" + struct.pack("<HHBBB", *screen, table(palette), 0, 0) + palette
    for left, top, width, height, own, data in frames:
        if transparent is not None:
            out += b"!\xf9\x04" + struct.pack("<BHBB", 1, 5, transparent, 0)
        out += b"," + struct.pack("<HHHHB", left, top, width, height, table(own)) + own + data
    return out + b";"


def write_gifs(folder, photo, random):
    image = Image.fromarray(photo(45, 37))
    for colours in [2, 7, 16, 256]:
        image.quantize(colours).save(folder / f"{colours}-colours.gif")
        image.quantize(colours).save(folder / f"{colours}-colours-in-order.gif", interlace=0)
    image.quantize(16).save(folder / "transparent.gif", transparency=1)
    image.convert("L").save(folder / "gray.gif")
    frames = [Image.fromarray(photo(30, 20)).quantize(32) for _ in range(3)]
    frames[0].save(folder / "animated.gif", save_all=True, append_images=frames[1:], duration=50)
    data = gif_frame((folder / "16-colours-in-order.gif").read_bytes())
    one, two = (random.integers(0, 256, 48).astype("uint8").tobytes() for _ in range(2))
    at = (7, 9, 45, 37, b"", data)
    files = {
        "offset": gif((70, 60), one, [at]),
        "offset-transparent": gif((70, 60), one, [at], 5),
        "own-palette": gif((70, 60), one, [(7, 9, 45, 37, two, data), at]),
        "no-palette": gif((70, 60), b"", [at]),
        "short-palette": gif((70, 60), one[:24], [at]),
        "larger-than-screen": gif((30, 60), one, [at]),
    }
    for name, content in files.items():
        (folder / f"{name}.gif").write_bytes(content)


def bmp(width, height, bits, compression, data, palette=b"", masks=b""):
    offset = 54 + len(masks) + len(palette)
    header = struct.pack("<IHHI", offset + len(data), 0, 0, offset)
    header += struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(data), 0, 0, len(palette) // 4, 0)
    return b"BM" + header + masks + palette + data


def padded(row):
    return row + b"\0" * (-len(row) % 4)


def run_length(samples):
    out = b""
    for row in samples:
        at = 0
        while at < len(row):
            run = 1
            while at + run < len(row) and row[at + run] == row[at] and run < 255:
                run += 1
            out += bytes([run, int(row[at])])
            at += run
        out += b"\0\0"
    return out + b"\0\1"


def write_bmps(folder, photo, random):
    width, height = 37, 29
    image = Image.fromarray(photo(width, height))
    for name, mode in {"rgb": "RGB", "gray": "L", "bilevel": "1"}.items():
        image.convert(mode).save(folder / f"{name}.bmp")
    image.quantize(100).save(folder / "palette.bmp")
    Image.fromarray(photo(width, height, 4), "RGBA").save(folder / "rgba.bmp")
    rows = b"".join(padded(row.tobytes()) for row in photo(width, height))
    (folder / "top-down.bmp").write_bytes(bmp(width, -height, 24, 0, rows))
    deep = random.integers(0, 65536, (height, width)).astype("<u2")
    rows = b"".join(padded(row.tobytes()) for row in deep)
    (folder / "555.bmp").write_bytes(bmp(width, height, 16, 0, rows))
    masks = struct.pack("<III", 0xF800, 0x7E0, 0x1F)
    (folder / "565.bmp").write_bytes(bmp(width, height, 16, 3, rows, b"", masks))
    words = random.integers(0, 2**32, (height, width)).astype("<u4").tobytes()
    (folder / "32-bit.bmp").write_bytes(bmp(width, height, 32, 0, words))
    palette = random.integers(0, 256, 64).astype("uint8").tobytes()
    nibbles = random.integers(0, 16, (height, width + 1)).astype("uint8")
    rows = b"".join(padded(((row[0::2] << 4) | row[1::2]).tobytes()) for row in nibbles)
    (folder / "4-bit.bmp").write_bytes(bmp(width, height, 4, 0, rows, palette))
    runs = numpy.repeat(random.integers(0, 16, (height, 10)), 4, axis=1)[:, :width]
    (folder / "run-length.bmp").write_bytes(bmp(width, height, 8, 1, run_length(runs), palette))
    os2 = struct.pack("<IHHI", 26 + 48 + len(rows), 0, 0, 26 + 48) + struct.pack("<IHHHH", 12, width, height, 1, 4)
    triples = b"".join(palette[4 * i : 4 * i + 3] for i in range(16))
    (folder / "os2.bmp").write_bytes(b"BM" + os2 + triples + rows)


def riff_chunk(name, data):
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) & 1)


def webp_with_frame_at(still, width, height, left, top, canvas_width, canvas_height):
    """An animation of two equal frames, made from a still WebP, that leave part of the canvas."""

    def u24(value):
        return struct.pack("<I", value)[:3]

    pixels, at = b"", 12
    while at < len(still):
        size = 8 + struct.unpack("<I", still[at + 4 : at + 8])[0]
        size += size & 1
        if still[at : at + 4] in (b"VP8 ", b"VP8L", b"ALPH"):
            pixels += still[at : at + size]
        at += size
    frame = u24(left // 2) + u24(top // 2) + u24(width - 1) + u24(height - 1) + u24(100) + b"\0" + pixels
    body = b"WEBP" + riff_chunk(b"VP8X", b"\x12\0\0\0" + u24(canvas_width - 1) + u24(canvas_height - 1))
    body += riff_chunk(b"ANIM", b"\x10\x20\x30\xff\0\0") + 2 * riff_chunk(b"ANMF", frame)
    return b"RIFF" + struct.pack("<I", len(body)) + body
