"""Our own byte-pair vocabulary in CLIP's form: 256 bytes, the same ending a word, merges, and the two special tokens."""

from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from transformers import CLIPTokenizerFast

WORD = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


def train(texts, size):
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    learner = Tokenizer(models.BPE(end_of_word_suffix="</w>"))
    from tokenizers import Regex

    learner.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(WORD), "removed", invert=True), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    base = alphabet + [letter + "</w>" for letter in alphabet]
    trainer = trainers.BpeTrainer(vocab_size=size, end_of_word_suffix="</w>", initial_alphabet=alphabet, show_progress=False)
    learner.train_from_iterator(texts, trainer)
    import json

    merges = [tuple(m) for m in json.loads(learner.to_str())["model"]["merges"]]
    vocabulary = {token: number for number, token in enumerate(base)}
    used = []
    for left, right in merges:
        if len(vocabulary) == size - 2:
            break
        used.append((left, right))
        vocabulary.setdefault(left + right, len(vocabulary))
    for special in ("<|startoftext|>", "<|endoftext|>"):
        vocabulary[special] = len(vocabulary)
    return CLIPTokenizerFast(vocab=vocabulary, merges=used, model_max_length=24)


def encode(tokenizer, texts, context):
    """Token ids [B, T], trimmed to the longest, and where each end token stands."""
    import torch

    rows = tokenizer(texts, truncation=True, max_length=context)["input_ids"]
    length = max(map(len, rows))
    end = tokenizer.eos_token_id
    ids = torch.tensor([row + [end] * (length - len(row)) for row in rows])
    return ids, torch.tensor([row.index(end) for row in rows])
