"""A file or a stream of bytes -> ``Letter``."""
