"""Writes what transformers makes of the checkpoints that ParityTest runs.

    mvn -B -pl model test -Dtest=ParityTest     # writes the checkpoints under model/target/parity
    python model/src/test/python/make_parity_golden.py

The golden file holds the SHA-256 of each checkpoint's weights, so the test can tell that both sides
ran the same numbers. Made with transformers 5.23, torch 2.15 on a CPU, in 32-bit floats.
"""

import hashlib
import json
import pathlib

import numpy as np
import torch
from transformers import CLIPModel, PreTrainedTokenizerFast

MODULE = pathlib.Path(__file__).resolve().parents[3]
CHECKPOINTS = MODULE / "target" / "parity"
GOLDEN = MODULE / "src/test/resources/dev/tagstream/model/parity/golden.json"

IMAGES = 3
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


def features(output):
    tensor = output if torch.is_tensor(output) else output.pooler_output
    return torch.nn.functional.normalize(tensor.double(), dim=-1)


def rounded(tensor):
    return [[float(f"{value:.9g}") for value in row] for row in tensor.tolist()]


def run(folder):
    # Stored numbers widened to float32: weights of any type are computed with in float32.
    model = CLIPModel.from_pretrained(folder, dtype=torch.float32).eval()
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))
    config = json.loads((folder / "preprocessor_config.json").read_text())
    raw = pixels(IMAGES, model.config.vision_config.image_size).astype(np.float32)
    mean = np.array(config["image_mean"], np.float32)
    std = np.array(config["image_std"], np.float32)
    values = (raw * np.float32(config["rescale_factor"]) - mean) / std
    with torch.no_grad():
        images = features(
            model.get_image_features(pixel_values=torch.from_numpy(values.transpose(0, 3, 1, 2)))
        )
        context = model.config.text_config.max_position_embeddings
        texts = [
            features(model.get_text_features(input_ids=torch.tensor([ids])))[0]
            for ids in tokenizer(PROMPTS, truncation=True, max_length=context)["input_ids"]
        ]
        logit_scale = float(model.logit_scale.exp())
    weights = (folder / "model.safetensors").read_bytes()
    return {
        "weightsSha256": hashlib.sha256(weights).hexdigest(),
        "logitScale": logit_scale,
        "images": rounded(images),
        "texts": rounded(torch.stack(texts)),
    }


def main():
    folders = sorted(path for path in CHECKPOINTS.iterdir() if path.is_dir() and "control" not in path.name)
    golden = {"prompts": PROMPTS, "checkpoints": {f.name: run(f) for f in folders}}
    GOLDEN.parent.mkdir(parents=True, exist_ok=True)
    GOLDEN.write_text(json.dumps(golden) + "\n")
    print(f"{GOLDEN}: {', '.join(golden['checkpoints'])}")


if __name__ == "__main__":
    main()
