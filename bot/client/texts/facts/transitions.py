"""How a song follows the one before it, in words."""

from __future__ import annotations

import math

from bot.generation.values import SongKey, Transition

_TONES = ("C", "C sharp", "D", "E flat", "E", "F", "F sharp", "G", "A flat", "A", "B flat", "B")
_SAME_TEMPO = 0.005
_LEVEL = 0.05
"""A step of energy below this is not heard as one."""


def transition_text(step: Transition) -> str:
    """Tempo, key and energy from one song to the next, on one line."""
    return ", ".join((_tempo(step), _keys(step), _energy(step.energy_step)))


def _tempo(step: Transition) -> str:
    if step.tempos is None or step.tempo_change is None:
        return "tempo unknown"
    one, other = step.tempos
    times = min((1.0, 2.0, 0.5), key=lambda fold: abs(math.log2(other / one / fold)))
    folded = {1.0: "", 2.0: " (double time)", 0.5: " (half time)"}[times]
    told = f"{one:.0f} to {other:.0f} BPM{folded}"
    if step.tempo_change < _SAME_TEMPO:
        return told if folded else f"{told}, the same tempo"
    return f"{told}, a jump of {step.tempo_change:.0%}" if step.jump else f"{told}, {step.tempo_change:.0%} apart"


def _keys(step: Transition) -> str:
    if step.keys is None or step.keys_match is None:
        return "key unknown"
    one, other = map(_key, step.keys)
    if one == other:
        return f"both in {one}"
    return f"{one} to {other}, {'which go together' if step.keys_match else 'which clash'}"


def _key(key: SongKey) -> str:
    """A key as musicians say it: "A minor"."""
    return f"{_TONES[key.tone]} {'major' if key.major else 'minor'}"


def _energy(step: float | None) -> str:
    if step is None:
        return "energy unknown"
    if abs(step) < _LEVEL:
        return "energy as before"
    return f"energy {'up' if step > 0 else 'down'} {abs(step):.2f}"
