"""Prints the figures that transformers gives for a checkpoint folder, in the form of figures.json.

    python make_selftest_figures.py FOLDER PICTURE MODEL-NAME PROMPT...
"""

import hashlib
import json
import pathlib
import sys

import torch
import transformers
from PIL import Image
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

folder, picture, model_name, *prompts = sys.argv[1:]
model = transformers.CLIPModel.from_pretrained(folder).eval()
# The other processor resizes with torchvision, which rounds some values to the next of 255.
processor = CLIPImageProcessorPil.from_pretrained(folder)
tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_file=f"{folder}/tokenizer.json")
pixels = processor(images=Image.open(picture).convert("RGB"), return_tensors="pt").pixel_values
logits = []
with torch.no_grad():
    for prompt in prompts:
        ids = torch.tensor([tokenizer.encode(prompt)])
        out = model(input_ids=ids, attention_mask=torch.ones_like(ids), pixel_values=pixels)
        logits.append(round(out.logits_per_image.item(), 6))
figure = {
    "model": model_name,
    "source": f"transformers {transformers.__version__}, torch {torch.__version__}",
    "picture": pathlib.Path(picture).name,
    "pictureSha256": hashlib.sha256(pathlib.Path(picture).read_bytes()).hexdigest(),
    "prompts": prompts,
    "logits": logits,
    "tolerance": 0.001,
}
print(json.dumps({"figures": [figure]}, indent=2))
