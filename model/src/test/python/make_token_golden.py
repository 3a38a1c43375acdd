"""Writes CLIP's vocabulary, the ids that transformers' CLIPTokenizer gives to 500 strings, and those
that open_clip gives to prompts. (To the 500 it does not: it first repairs mis-encoded text, turns HTML
entities into what they stand for and leaves out control characters.)

    python model/src/test/python/make_token_golden.py

The vocabulary is OpenAI's bpe_simple_vocab_16e6.txt.gz (MIT licence) from the PyPI package
open_clip_torch, cut to the 48,894 merges that CLIP uses. Made with transformers 5.23 and
open_clip_torch 3.3.
"""

import gzip
import json
import pathlib
import random

import open_clip
from transformers import CLIPTokenizer
from transformers.convert_slow_tokenizer import bytes_to_unicode

MODULE = pathlib.Path(__file__).resolve().parents[3]
RESOURCES = MODULE / "src/test/resources/dev/tagstream/model/text"
MERGES = 49152 - 256 - 2
COUNT = 500

FIXED = [
    "", " ", "\t\n", "a photo of a cat", "A PHOTO OF A CAT", "a  photo\n of\ta   cat ",
    "it's, they're; I'd've won't y'all'd 'S 'T 'RE", "rock'n'roll O'Neil",
    "caf\u00e9 cafe\u0301 CAF\u00c9", "na\u00efve r\u00e9sum\u00e9 \u00fcber stra\u00dfe STRASSE",
    "\u0130stanbul I\u0307 \u0131", "\u01c5 \u1e9e \ufb03 \ufdfa \u2126 \u212b",
    "\u732b\u306e\u5199\u771f", "\u0e20\u0e32\u0e1e\u0e16\u0e48\u0e32\u0e22\u0e41\u0e21\u0e27",
    "\u0635\u0648\u0631\u0629 \u0642\u0637\u0629", "\u05ea\u05de\u05d5\u05e0\u05d4",
    "\u0444\u043e\u0442\u043e \u043a\u043e\u0448\u043a\u0438", "\uace0\uc591\uc774 \uc0ac\uc9c4",
    "\u092c\u093f\u0932\u094d\u0932\u0940", "\U0001f431", "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "\U0001f1e9\U0001f1ea\U0001f3f3\ufe0f\u200d\U0001f308", "a\U0001f600b", "\u2764\ufe0f x \u2764",
    "&lt;b&gt;cat&lt;/b&gt; &amp;amp; &#39;x&#39; &nbsp;", "<b>cat</b>", "<|endoftext|>",
    "before <|startoftext|> after <|endoftext|> more", "<|ENDOFTEXT|>", "<|endoftext", "</w>", "cat</w>",
    "\x00", "a\x00b", "\x01\x02\x1f\x7f", "\x85\xa0\u2028\u2029\u200b\ufeff\u3000x", "\r\n\r\n",
    "\u00ad soft\u00adhyphen", "\ufffd", "\U0010ffff\ufffe", "\ue000 private",
    "1234567890", "3.14159e-10", "1,000,000.00", "\u00bd \u2460 \u0661\u0662\u0663 \u2167 \u00b2",
    "!!!???...", "-----", "#hashtag @user http://example.com/?q=1&r=%20", "C++ C# .NET f(x)=x^2",
    "\\ \" ' ` ~ | { } [ ]", "a_b_c __init__", "x" * 400, "word " * 200, "\u00e9" * 150, "\U0001f600" * 60,
    "supercalifragilisticexpialidocious", "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
    "zalgo: h\u0300\u0301\u0302\u0303e\u0304\u0305l\u0306\u0307o", "\u1100\u1161\u11a8 jamo",
    "\u0915\u094d\u0937 \u0b95\u0bcd", "mixed \u732bcat \u041a\u043e\u0442 \u0393\u03ac\u03c4\u03b1\u03a3",
]

POOLS = [
    lambda r: chr(r.randrange(0x20, 0x7f)),
    lambda r: chr(r.randrange(0x00, 0x20)),
    lambda r: chr(r.randrange(0x80, 0x250)),
    lambda r: chr(r.randrange(0x300, 0x370)),
    lambda r: chr(r.randrange(0x370, 0x600)),
    lambda r: chr(r.randrange(0x2000, 0x2700)),
    lambda r: chr(r.randrange(0x4e00, 0x9fff)),
    lambda r: chr(r.randrange(0xac00, 0xd7a3)),
    lambda r: chr(r.randrange(0x1f300, 0x1faff)),
    lambda r: r.choice([" ", "  ", "\n", "\t", "'s ", "'", ", ", ". ", "-"]),
    lambda r: r.choice(["cat", "Dog", "PHOTO", "the", "ing", "New York", "2024", "&amp;", "</w>"]),
]


def awkward(count):
    r = random.Random(20261123)
    strings = list(FIXED)
    while len(strings) < count:
        pools = r.sample(POOLS, r.randrange(1, 5))
        strings.append("".join(r.choice(pools)(r) for _ in range(r.randrange(1, 60))))
    return strings


def prompts():
    templates = ["a photo of a {}.", "{}", "a bad photo of the {}", "itap of my {}!", "art of the {}, 3 of 12"]
    labels = [
        "cat", "Golden Retriever", "T-shirt", "hip, rose hip, rosehip", "carpenter's kit", "CD player", "7-Eleven",
        "caf\u00e9 au lait", "jalape\u00f1o", "Stra\u00dfenbahn", "\u0434\u043e\u043c", "\u732b", "\u041a\u043e\u0442",
        "\u00e9t\u00e9 \u00e0 la plage \U0001f3d6\ufe0f", "person riding a bicycle  on a\tstreet", "x" * 100,
        "invoice #42 (EUR 1,000.00)", "rock'n'roll", "100% cotton", "fire truck & ladder", "a_b", "\U0001f431",
    ]
    return [template.format(label) for template in templates for label in labels]


def open_clip_ids(prompt):
    ids = open_clip.tokenize([prompt])[0].tolist()
    return ids[: ids.index(49407) + 1]


def main():
    source = pathlib.Path(open_clip.__file__).parent / "bpe_simple_vocab_16e6.txt.gz"
    lines = gzip.decompress(source.read_bytes()).decode("utf-8").split("\n")
    merges = lines[1 : MERGES + 1]
    symbols = list(bytes_to_unicode().values())
    tokens = symbols + [s + "</w>" for s in symbols] + [m.replace(" ", "") for m in merges]
    tokens += ["<|startoftext|>", "<|endoftext|>"]
    tokenizer = CLIPTokenizer(
        vocab={token: i for i, token in enumerate(tokens)},
        merges=[tuple(m.split(" ")) for m in merges],
    )
    strings = awkward(COUNT)
    ids = [tokenizer(s, truncation=True, max_length=77)["input_ids"] for s in strings]
    assert ids[3] == [49406, 320, 1125, 539, 320, 2368, 49407], ids[3]
    RESOURCES.mkdir(parents=True, exist_ok=True)
    write(RESOURCES / "clip-merges.txt.gz", "\n".join(merges) + "\n")
    write(RESOURCES / "awkward-strings.json.gz", json.dumps({"strings": strings, "ids": ids}))
    golden = [{"text": prompt, "ids": open_clip_ids(prompt)} for prompt in prompts()]
    write(RESOURCES / "open-clip-prompts.json.gz", json.dumps(golden))


def write(path, text):
    path.write_bytes(gzip.compress(text.encode("utf-8"), 9, mtime=0))
    print(path, path.stat().st_size)


if __name__ == "__main__":
    main()
