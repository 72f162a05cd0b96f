"""Figures in the text format of Prometheus (its documentation, "Exposition formats"). Pure."""

from collections.abc import Iterable, Mapping

Labels = tuple[tuple[str, str], ...]


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _labelled(name: str, labels: Labels) -> str:
    told = ",".join(f'{label}="{_escaped(word)}"' for label, word in labels)
    return f"{name}{{{told}}}" if told else name


def family_of(name: str, kind: str, about: str, samples: Iterable[tuple[str, Labels, float]]) -> list[str]:
    """Return a family's lines: its help, its type, and one for each sample of (name's ending, labels, value)."""
    lines = [f"# HELP {name} {about}", f"# TYPE {name} {kind}"]
    return [*lines, *(f"{_labelled(name + ending, labels)} {value}" for ending, labels, value in samples)]


def family(name: str, kind: str, about: str, label: str, samples: Mapping[str, float]) -> list[str]:
    """Return the lines of a family with one label, "" for none."""
    told = ((("", ((label, word),) if label else (), value)) for word, value in samples.items())
    return family_of(name, kind, about, told)
