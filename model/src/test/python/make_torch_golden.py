"""Writes the files of torch.save that TorchFileTest and ParityTest read.

    python model/src/test/python/make_torch_golden.py

plip/ is a CLIPModel in the proportions of ViT-B/32 whose weights are in pytorch_model.bin alone, as
vinid/plip may come. views.bin holds tensors that share a storage, lie transposed, or are of other
types. legacy.bin is in the format of PyTorch before 1.6. Made with torch 2.15 and transformers 5.23.
"""

import collections
import json
import pathlib

import torch
from transformers import CLIPConfig, CLIPModel

RESOURCES = pathlib.Path(__file__).resolve().parents[1] / "resources/dev/tagstream/model/torch"


def plip(folder):
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(20)
    tower = {"intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 1}
    config = CLIPConfig(
        projection_dim=32,
        vision_config={**tower, "hidden_size": 32, "image_size": 64, "patch_size": 32, "projection_dim": 32},
        text_config={
            **tower,
            "hidden_size": 32,
            "vocab_size": 514,
            "max_position_embeddings": 77,
            "bos_token_id": 512,
            "eos_token_id": 513,
            "projection_dim": 32,
        },
    )
    model = CLIPModel(config)
    state = collections.OrderedDict()
    for name, value in model.state_dict().items():
        noise = torch.randn(value.shape) * 0.05
        # Half the numbers, half the file; every parameter differs from what it starts at.
        state[name] = (value + noise if value.dim() else torch.tensor(2.6592)).half()
    # As OpenAI's own conversion left them: a view of the transposed matrix.
    state["visual_projection.weight"] = state["visual_projection.weight"].T.contiguous().T
    state["text_model.embeddings.position_ids"] = torch.arange(77).unsqueeze(0)
    state["vision_model.embeddings.position_ids"] = torch.arange(5).unsqueeze(0)
    state._metadata = model.state_dict()._metadata
    torch.save(state, folder / "pytorch_model.bin")
    written = config.to_dict()
    written["architectures"] = ["CLIPModel"]
    (folder / "config.json").write_text(json.dumps(written, indent=1) + "\n")


def views(file):
    base = torch.arange(24, dtype=torch.float32)
    torch.save(
        collections.OrderedDict(
            whole=base.reshape(4, 6),
            part=base[6:12],
            transposed=base.reshape(4, 6).T,
            column=base.reshape(4, 1, 6)[:, :, :],
            half=torch.tensor([1.5, -2.0], dtype=torch.float16),
            bfloat=torch.tensor([[1.0, 3.0]], dtype=torch.bfloat16),
            scalar=torch.tensor(7.0),
            parameter=torch.nn.Parameter(torch.tensor([5.0])),
            numbers=torch.tensor([1, 2, 3]),
            double=torch.tensor([0.1], dtype=torch.float64),
        ),
        file,
    )


def main():
    RESOURCES.mkdir(parents=True, exist_ok=True)
    plip(RESOURCES / "plip")
    views(RESOURCES / "views.bin")
    torch.save({"w": torch.ones(2)}, RESOURCES / "legacy.bin", _use_new_zipfile_serialization=False)
    torch.save({"w": torch.arange(12.0).reshape(3, 4)[:, :2]}, RESOURCES / "strided.bin")


if __name__ == "__main__":
    main()
