"""Writes what transformers and open_clip make of the checkpoints that ParityTest runs.

    mvn -B -pl model test -Dtest=ParityTest     # writes the checkpoints under model/target/parity
    python model/src/test/python/make_parity_golden.py

The golden file holds the SHA-256 of each checkpoint's weights, so the test can tell that both sides
ran the same numbers. Made with transformers 5.23, open_clip_torch 3.3, torch 2.15 and Pillow 13 on a
CPU, in 32-bit floats.
"""

import hashlib
import io
import json
import pathlib

import numpy as np
import open_clip
import torch
from PIL import Image
from transformers import CLIPModel, PreTrainedTokenizerFast
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

MODULE = pathlib.Path(__file__).resolve().parents[3]
CHECKPOINTS = MODULE / "target" / "parity"
RESOURCES = MODULE / "src/test/resources/dev/tagstream/model"
GOLDEN = RESOURCES / "parity/golden.json"

IMAGES = 2
JPEGS = ["size-160x120.jpg", "sampling-420-45x37.jpg", "size-8x90.jpg"]
PROMPTS = [
    "a photo of a cat",
    "",
    "Two  dogs, running\tin the SNOW!",
    "\u00e9t\u00e9 \u00e0 la plage \U0001f3d6\ufe0f",
    "7",
    "a very long description " * 10,
]


def pixels(count, size):
    """The same bytes as ParityTest.pixels: structured, and different for each image."""
    i = np.arange(count * size * size * 3, dtype=np.uint64)
    mixed = i * i * np.uint64(31) + i * np.uint64(17)
    return ((mixed >> np.uint64(5)) & np.uint64(255)).astype(np.uint8).reshape(count, size, size, 3)


def normalised(raw, mean, std, factor=1 / 255):
    values = raw.astype(np.float32) * np.float32(factor)
    values = (values - np.array(mean, np.float32)) / np.array(std, np.float32)
    return torch.from_numpy(values.transpose(0, 3, 1, 2))


def unit(output):
    tensor = output if torch.is_tensor(output) else output.pooler_output
    return torch.nn.functional.normalize(tensor.double(), dim=-1)


def jpegs():
    return [Image.open(io.BytesIO((RESOURCES / "image/files" / name).read_bytes())) for name in JPEGS]


def token_ids(folder, context):
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))
    return tokenizer(PROMPTS, truncation=True, max_length=context)["input_ids"]


def run_transformers(folder):
    # Stored numbers widened to float32: weights of any type are computed with in float32.
    model = CLIPModel.from_pretrained(folder, dtype=torch.float32).eval()
    processor = CLIPImageProcessorPil.from_pretrained(folder)
    ids = token_ids(folder, model.config.text_config.max_position_embeddings)
    raw = pixels(IMAGES, model.config.vision_config.image_size)
    values = normalised(raw, processor.image_mean, processor.image_std, processor.rescale_factor)
    files = processor(jpegs(), return_tensors="pt")["pixel_values"]
    return {
        "logitScale": float(model.logit_scale.exp()),
        "images": unit(model.get_image_features(pixel_values=values)),
        "jpegs": unit(model.get_image_features(pixel_values=files)),
        "texts": torch.cat([unit(model.get_text_features(input_ids=torch.tensor([row]))) for row in ids]),
        "ids": ids,
    }


def run_open_clip(folder):
    model, transform = open_clip.create_model_from_pretrained(f"local-dir:{folder}", precision="fp32")
    model.eval()
    ids = token_ids(folder, model.context_length)
    config = model.visual.preprocess_cfg
    values = normalised(pixels(IMAGES, config["size"][0]), config["mean"], config["std"])
    padded = torch.zeros(len(ids), model.context_length, dtype=torch.long)
    for row, prompt in zip(padded, ids):
        row[: len(prompt)] = torch.tensor(prompt)
    return {
        "logitScale": float(model.logit_scale.exp()),
        "images": unit(model.encode_image(values)),
        "jpegs": unit(model.encode_image(torch.stack([transform(image) for image in jpegs()]))),
        "texts": unit(model.encode_text(padded)),
        "ids": ids,
    }


def rounded(value):
    if torch.is_tensor(value):
        return [[float(f"{number:.7g}") for number in row] for row in value.tolist()]
    return value


def run(folder):
    weights = [
        path
        for path in sorted(folder.iterdir())
        if path.suffix in (".safetensors", ".bin")
    ]
    assert len(weights) == 1, weights
    is_open_clip = (folder / "open_clip_config.json").exists()
    with torch.no_grad():
        outputs = run_open_clip(folder) if is_open_clip else run_transformers(folder)
    outputs["weightsSha256"] = hashlib.sha256(weights[0].read_bytes()).hexdigest()
    outputs["reference"] = "open_clip" if is_open_clip else "transformers"
    return {key: rounded(value) for key, value in outputs.items()}


def main():
    folders = sorted(
        path for path in CHECKPOINTS.iterdir() if path.is_dir() and "control" not in path.name
    )
    golden = {
        "prompts": PROMPTS,
        "jpegs": JPEGS,
        "checkpoints": {folder.name: run(folder) for folder in folders},
    }
    GOLDEN.parent.mkdir(parents=True, exist_ok=True)
    GOLDEN.write_text(json.dumps(golden) + "\n")
    print(f"{GOLDEN}: {', '.join(golden['checkpoints'])}")


if __name__ == "__main__":
    main()
