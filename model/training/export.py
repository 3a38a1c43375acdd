"""Writes both towers as a CLIPModel checkpoint in F16. Usage: export.py RUN_FOLDER OUT_FOLDER"""

import hashlib
import json
import math
import pathlib
import shutil
import sys

import torch
from safetensors.torch import save_file

from augment import MEAN, STD
from towers import DIMENSION, IMAGE, TEXT


def block_names(state, prefix, target):
    names = {"q": "self_attn.q_proj", "k": "self_attn.k_proj", "v": "self_attn.v_proj", "out": "self_attn.out_proj"}
    names |= {"fc1": "mlp.fc1", "fc2": "mlp.fc2", "layer_norm1": "layer_norm1", "layer_norm2": "layer_norm2"}
    found = {}
    for name, tensor in state.items():
        if name.startswith("blocks."):
            _, layer, part, kind = name.split(".")
            found[f"{target}.encoder.layers.{layer}.{names[part]}.{kind}"] = tensor
    return found


def checkpoint(image, text, scale):
    vision, words = "vision_model", "text_model"
    tensors = {
        f"{vision}.embeddings.class_embedding": image["class_embedding"],
        f"{vision}.embeddings.patch_embedding.weight": image["patch_embedding.weight"],
        f"{vision}.embeddings.position_embedding.weight": image["position"],
        f"{vision}.pre_layrnorm.weight": image["pre_norm.weight"],
        f"{vision}.pre_layrnorm.bias": image["pre_norm.bias"],
        f"{vision}.post_layernorm.weight": image["post_norm.weight"],
        f"{vision}.post_layernorm.bias": image["post_norm.bias"],
        "visual_projection.weight": image["projection.weight"],
        f"{words}.embeddings.token_embedding.weight": text["token.weight"],
        f"{words}.embeddings.position_embedding.weight": text["position"],
        f"{words}.final_layer_norm.weight": text["final_norm.weight"],
        f"{words}.final_layer_norm.bias": text["final_norm.bias"],
        "text_projection.weight": text["projection.weight"],
        "logit_scale": torch.tensor(math.log(scale)),
    }
    return tensors | block_names(image, "blocks", vision) | block_names(text, "blocks", words)


def config(tokenizer, scale):
    begin, end = (tokenizer["model"]["vocab"][f"<|{name}oftext|>"] for name in ("start", "end"))
    shared = dict(hidden_act="gelu", layer_norm_eps=1e-5, attention_dropout=0.0, projection_dim=DIMENSION)
    vision = dict(shared, model_type="clip_vision_model", hidden_size=IMAGE["width"], intermediate_size=4 * IMAGE["width"])
    vision |= dict(num_hidden_layers=IMAGE["layers"], num_attention_heads=IMAGE["heads"], num_channels=3)
    vision |= dict(image_size=IMAGE["side"], patch_size=IMAGE["patch"])
    words = dict(shared, model_type="clip_text_model", hidden_size=TEXT["width"], intermediate_size=4 * TEXT["width"])
    words |= dict(num_hidden_layers=TEXT["layers"], num_attention_heads=TEXT["heads"], vocab_size=TEXT["vocabulary"])
    words |= dict(max_position_embeddings=TEXT["context"], bos_token_id=begin, eos_token_id=end, pad_token_id=end)
    return dict(architectures=["CLIPModel"], model_type="clip", projection_dim=DIMENSION, torch_dtype="float16",
                logit_scale_init_value=math.log(scale), text_config=words, vision_config=vision)  # fmt: skip


def main(run, out):
    run, out = pathlib.Path(run), pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    space = torch.load(run / "space.pt", map_location="cpu")
    text = torch.load(run / "texts.pt", map_location="cpu")
    tensors = {name: t.half().contiguous() for name, t in checkpoint(space["tower"], text, space["scale"]).items()}
    save_file(tensors, out / "model.safetensors", metadata={"format": "pt"})
    shutil.copyfile(run / "tokenizer/tokenizer.json", out / "tokenizer.json")
    tokenizer = json.loads((out / "tokenizer.json").read_text())
    write = lambda name, value: (out / name).write_text(json.dumps(value, indent=2) + "\n")
    write("config.json", config(tokenizer, space["scale"]))
    side = IMAGE["side"]
    write("preprocessor_config.json", dict(
        image_processor_type="CLIPImageProcessor", feature_extractor_type="CLIPFeatureExtractor", do_convert_rgb=True,
        do_resize=True, size=dict(shortest_edge=side), resample=3, do_center_crop=True,
        crop_size=dict(height=side, width=side), do_rescale=True, rescale_factor=1 / 255, do_normalize=True,
        image_mean=MEAN, image_std=STD))  # fmt: skip
    (out / "model.safetensors").chmod(0o644)
    weights = (out / "model.safetensors").read_bytes()
    print(f"model.safetensors SHA-256: {hashlib.sha256(weights).hexdigest()}", len(weights), "bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
