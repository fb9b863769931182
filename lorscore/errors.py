"""The few ways lorscore refuses. Each message says what happened, where, and what to do."""


class LorscoreError(Exception):
    """Base of every error lorscore raises on purpose; safe to show to a user as it is."""


class ReadingError(LorscoreError):
    """A file could not be read as a letter (missing, a folder, encrypted, binary, too large)."""


class MissingFileError(ReadingError):
    """There is no such file, or there is none any more."""


class NoTextLayerError(ReadingError):
    """A PDF or DOCX opens, but holds no text: a scan without OCR, or an empty file."""


class ModelError(LorscoreError):
    """A model file is missing, altered, or made by an incompatible version."""


class KnowledgeError(LorscoreError):
    """A knowledge file (phrases, cues, facts) has a mistake; the message names file and rule."""


class LabelError(LorscoreError):
    """Labelled letters cannot be used for training; the message names the record and the field."""


class MissingExtraError(LorscoreError):
    """An optional dependency is absent; the message names the extra to install."""


class BatchError(LorscoreError):
    """A folder's work file or tables cannot be used; the message names the file."""
