"""The component `vibrato_arcs`: the course of the set, said in words or drawn."""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc

from nlp.components.draft import Mention, RequestDraft, SlotValue, draft_of
from nlp.components.rules import RulesOnly

Arc = tuple[tuple[float, float], ...]

RISING: Arc = ((0.0, 0.3), (1.0, 0.9))
FALLING: Arc = ((0.0, 0.75), (1.0, 0.2))
PEAK: Arc = ((0.0, 0.3), (0.5, 0.95), (1.0, 0.3))
LATER_PEAK: Arc = ((0.0, 0.3), (0.67, 0.95), (1.0, 0.4))
DIP: Arc = ((0.0, 0.8), (0.5, 0.25), (1.0, 0.8))
WAVES: Arc = ((0.0, 0.3), (0.25, 0.8), (0.5, 0.3), (0.75, 0.8), (1.0, 0.3))
LEVEL: Arc = ((0.0, 0.5), (1.0, 0.5))
COOL_DOWN: Arc = ((0.0, 0.6), (0.75, 0.85), (1.0, 0.2))

LOW, MIDDLE, HIGH = 0.25, 0.5, 0.85
"""Levels of moods that only say whether they are calm or lively."""

_BEGIN = (
    r"\b(?:start(?:s|ing)?|begin(?:s|ning)?|open(?:s|ing)?|kick(?:s|ing)? off)(?: off| out| with| on|"
    r" as| at| it| slow and| really)*\b"
    r"|\b(?:first|at first|first off|primero|d'abord|zuerst|prima)\b(?! (?:song|track|dance|time|few|half|kiss|"
    r"date|light|love|world|one|place|class|day|thing|five|three|two|ten|\d))"
)
_NEXT = (
    r"\b(?:then|and then|after that|afterwards|followed by|gradually|slowly|later|into|end(?:s|"
    r"ing)?(?: up| with| on| in)?|finish(?:es|ing)?(?: with| on| up)?|get(?:s|ting)?|becom(?:e|es|"
    r"ing)|turn(?:s|ing)? into|build(?:s|ing)?(?: up)?(?: to)?|mov(?:e|es|ing) (?:to|into)|"
    r"transition(?:s|ing)? (?:to|into)|luego|despues|puis|ensuite|dann|"
    r"danach|poi|depois|before|work up to|clos(?:e|es|ing)(?: with)?|calm(?:s|"
    r"ing)? down|wind(?:s|ing)? down|cool(?:s|ing)? down|peak(?:s|ing)?|ramp(?:s|ing)? up|->|→)"
)
_BY_STEPS = (
    r"(?:gradually|slowly|steadily|progressively|step by step)(?: (?:more (?:and|n|&)|less (?:and|n|&)|gets?|getting))?"
)
_LIVELIER = r"(?:energetic|energy|intense|upbeat|lively|exciting|danceable|wild|loud|hype|heavy|fast)"
_CALMER = r"(?:calm|mellow|relaxed|relaxing|quiet|soft|gentle|chill|sleepy|peaceful)"
_UP = re.compile(
    r"\b(?:build(?:s|ing)?[- ]?up(?! of)|slow[- ]?build|slow burn|gradual(?:ly)? (?:build\w*|ris\w*|"
    r"increas\w*)|build(?:s|ing)? (?:energy|momentum|slowly|gradually|to)|"
    r"crescendo\w*|ramp(?:s|ing)? up|warm(?:s|ing)?[- ]?up (?:to|then)|(?:rising|increasing|"
    r"growing) (?:energy|intensity|tempo)|(?:slowly|gradually|steadily) (?:build\w*|ris(?:e|es|ing)|"
    r"increas\w*|climb\w*|grow\w*|go(?:es|ing)? up|heat(?:s|ing)? up|intensif\w*)|(?:rises?|"
    r"rising|climbs?|grows?) (?:slowly|gradually|steadily|over time)|work(?:s|ing)? up to|"
    r"pick(?:s|ing)? up(?: the pace)? (?:slowly|gradually|over time|toward)|get(?:s|ting)? (?:gradually |"
    r"slowly |progressively |more and more )?(?:louder|faster|more intense|more energetic|heavier|"
    r"wilder|livelier|bigger|stronger|peppier|more (?:upbeat|lively|exciting|danceable))|"
    rf"(?:{_BY_STEPS} more|more (?:and|n|&) more) {_LIVELIER}|"
    r"eases? (?:me |us |everyone )?in(?:to)?|end(?:s|ing)? (?:on|with) a (?:high|bang))\b"
)
_DOWN = re.compile(
    r"\b(?:wind(?:s|ing)?(?: me| us)?[- ]?down|cool(?:s|ing)?[- ]?(?:me |us )?down|com(?:e|es|"
    r"ing)[- ]down|calm(?:s|ing)? down|fad(?:e|es|ing)[- ]out|taper(?:s|ing)? off|slow(?:s|"
    r"ing)? down (?:toward|at the end|over|gradually)|"
    r"descend(?:s|ing)?|(?:falling|decreasing) (?:energy|intensity|tempo)|get(?:s|"
    r"ting)? (?:gradually |slowly |progressively )?(?:calmer|quieter|softer|slower|mellower|gentler|sleepier|chiller)|"
    rf"(?:{_BY_STEPS} less|less (?:and|n|&) less) {_LIVELIER}|(?:{_BY_STEPS} more|more (?:and|n|&) more) {_CALMER}|"
    r"(?:gradually|slowly) (?:calm|slow|quiet|relax)\w*)\b"
)
_PEAK = re.compile(
    r"\b(?:peak(?:s|ing)?|climax(?:es)?|(?:highest|most energy|intense(?:st)?|party)) (?:in|at|"
    r"around|near|towards?)?(?: the)? ?(?:middle|midway|half ?way|center|centre|mid)\b|"
    r"\bmid(?:dle)?[- ]peak\b|\bpeak mid\w*\b"
)
_LATE_PEAK = re.compile(
    r"\b(?:peak(?:s|ing)?|climax(?:es)?) (?:at|near|towards?) (?:the )?end\b|\bbig finish\b|\bgrand finale\b"
)
_LATER_PEAK = re.compile(
    r"\bpeak(?:s|ing)? (?:at |around |after )?(?:about )?(?:two|2|three|3)[ -](?:thirds|quarters)\b"
)
_SESSION = re.compile(r"\bwarm(?:ing)?[- ]?up\b[^.;!?\n]{2,40}\b(?:cool|wind)(?:ing)?[- ]?down\b")
_ANY_PEAK = re.compile(
    r"\bpeak(?:s|ing)\b|"
    r"\b(?:build|ris|ramp|work)\w*(?: up)? to (?:a |the )?(?:big )?(?:peak|climax|crescendo|high point)\b|\bclimaxes\b"
)
_DIP = re.compile(r"\b(?:dip|calm|quiet|breather|break|slow(?:er)?|rest) in(?: the)? middle\b")
_WAVES = re.compile(
    r"\b(?:waves of (?:energy|intensity)|energy waves|(?:comes?|go(?:es)?|moves?|"
    r"runs?) in waves|in waves|ups and downs|roller ?coaster|highs and lows|ebbs? and flows?|"
    r"back and forth in energy)\b"
)
_LEVEL = re.compile(
    r"\b(?:steady energy|same energy (?:throughout|all the way|level)|keep (?:the|"
    r"it) (?:energy )?(?:level|constant|steady|even)|consistent energy|(?:steady|even|"
    r"constant) (?:all the way|throughout))\b"
)
_COOL_END = re.compile(
    r"\b(?:cool|wind|calm|slow)[- ]?down(?: \w+)? (?:at|for|in|towards?|near) the end\b|\b(?:cool|"
    r"wind)[- ]?down(?: section| part)? (?:at the )?end\b"
)
_DRAWN = re.compile("[\u2581-\u2588]{2,}")
_FROM_TO = re.compile(r"\bfrom\b(?P<a>[^.;!?\n]{2,40}?)\b(?:to|into)\b(?P<b>[^.;!?,\n]{2,40})")
_AT_FIRST = re.compile(r"\b(?:at first|to start(?: with)?|to begin with|initially|(?:in|at) the (?:beginning|start))\b")
_LAST_STAGE = re.compile(r"\b(?:by|at|towards?|near|in) the (?:very )?end\b|\blater(?: on)?\b|\beventually\b")
_NEXT_STAGE = re.compile(rf"(?P<begin>)(?:{_NEXT})")
_STAGED = re.compile(rf"(?P<begin>{_BEGIN})|(?P<next>{_NEXT})")

_SHAPES: tuple[tuple[re.Pattern[str], Arc, str], ...] = (
    (_PEAK, PEAK, "peak in the middle"),
    (_SESSION, PEAK, "peak in the middle"),
    (_COOL_END, COOL_DOWN, "cool down at the end"),
    (_LATE_PEAK, ((0.0, 0.4), (0.85, 0.95), (1.0, 0.9)), "peak at the end"),
    (_DIP, DIP, "calm in the middle"),
    (_WAVES, WAVES, "waves"),
    (_LEVEL, LEVEL, "level"),
    (_LATER_PEAK, LATER_PEAK, "peak after two thirds"),
    (_ANY_PEAK, PEAK, "peak in the middle"),
    (_UP, RISING, "rising"),
    (_DOWN, FALLING, "falling"),
)
_STAGE_SHAPES = ((_PEAK, 0.95), (_UP, 0.9), (_DOWN, 0.2), (re.compile(r"\bpeak"), 0.95))
_FOLLOWS = re.compile(r"(?:\b(?:then|and|to|end|ends|finish\w*|finally|later|start\w*)\b.*|[.;] *)$")
"""What comes before a winding down that is only the end of the set, and not what all of it is for."""

_PACES = frozenset({"slowly", "gradually", "steadily", "gently", "quickly", "smoothly", "nicely"})
"""Words that say how an arc runs, and nothing of the songs."""

_NEARBY = 45


@Language.factory("vibrato_arcs")
def create_arcs(nlp: Language, name: str) -> Arcs:
    """The component's entry in spaCy's registry."""
    return Arcs(name)


class Arcs(RulesOnly):
    """Finds how the energy shall run over the set. Moods of one part of it are no wish for the whole."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Add an arc to the draft of `doc`, when one is said."""
        draft = draft_of(doc)
        for read in (_drawn, _staged_after, _staged, _from_to, _shaped):
            found = read(draft)
            if found is not None:
                arc, start, end, means = found
                start, end = _with_pace(draft, start, end)
                _claim(draft, start, end)
                draft.findings.append(
                    SlotValue(slot="arc", value=arc, start=start, end=end, means=f"arc: {means}", source="arcs")
                )
                break
        return doc


def _drawn(draft: RequestDraft) -> tuple[Arc, int, int, str] | None:
    match = _DRAWN.search(draft.plain)
    if match is None:
        return None
    levels = [(ord(sign) - 0x2580) / 8 for sign in match[0]]
    places = [index / (len(levels) - 1) for index in range(len(levels))]
    arc = tuple((round(place, 3), level) for place, level in zip(places, levels, strict=True))
    return arc, match.start(), match.end(), "as drawn"


def _staged(draft: RequestDraft) -> tuple[Arc, int, int, str] | None:
    """Words like "start mellow, then party, end calm": the levels of the moods after each word of order."""
    stages = list(_STAGED.finditer(draft.plain))
    first = next((index for index, stage in enumerate(stages) if stage["begin"]), None)
    if first is None:
        return None
    levels: list[float] = []
    end = stages[first].end()
    used: list[Mention] = []
    for stage, following in zip(stages[first:], [*stages[first + 1 :], None], strict=True):
        limit = min(following.start() if following else len(draft.plain), stage.end() + _NEARBY)
        level = _stage_level(draft, stage, limit, used)
        if level is not None:
            levels.append(level)
            end = max([stage.end(), *(draft.span(mention)[1] for mention in used)])
    if len(levels) == 1 and used and len(stages) == first + 1:
        return None
    return _from_levels(draft, levels, used, stages[first].start(), end)


def _staged_after(draft: RequestDraft) -> tuple[Arc, int, int, str] | None:
    """Chill at first, then a rave: the word of order stands behind the first mood."""
    begin = _AT_FIRST.search(draft.plain)
    if begin is None:
        return None
    before = _moods_in(draft, max(0, begin.start() - _NEARBY), begin.start())[-1:]
    level = _level_of(before[0]) if before else None
    used = list(before)
    ending = _LAST_STAGE.search(draft.plain, begin.end())
    after = _moods_in(draft, begin.end(), ending.start())[-1:] if ending else []
    if level is not None and ending and after and (last := _level_of(after[0])) is not None:
        return _from_levels(draft, [level, last], [*used, *after], draft.span(before[0])[0], ending.end())
    following = _NEXT_STAGE.search(draft.plain, begin.end())
    if following is None:
        return None
    reached = _stage_level(draft, following, min(len(draft.plain), following.end() + 2 * _NEARBY), used)
    if level is None or reached is None:
        return None
    return _from_levels(draft, [level, reached], used, draft.span(before[0])[0], following.end())


def _stage_level(draft: RequestDraft, stage: re.Match[str], limit: int, used: list[Mention]) -> float | None:
    plain = draft.plain
    for pattern, reached in _STAGE_SHAPES:
        match = pattern.search(plain, stage.start(), limit)
        if match is not None and not stage["begin"]:
            used.extend(_moods_in(draft, stage.start(), match.end()))
            return reached
    moods = [mention for mention in _moods_in(draft, stage.start(), limit) if mention not in used][:2]
    levels = [level for mention in moods if (level := _level_of(mention)) is not None]
    if not levels:
        return None
    used.extend(moods)
    return sum(levels) / len(levels)


def _from_to(draft: RequestDraft) -> tuple[Arc, int, int, str] | None:
    for match in _FROM_TO.finditer(draft.plain):
        before, after = (_moods_in(draft, *match.span(part)) for part in ("a", "b"))
        levels = [level for mention in (*before[:1], *after[:1]) if (level := _level_of(mention)) is not None]
        if len(levels) == 2:
            used = [before[0], after[0]]
            return _from_levels(draft, levels, used, match.start(), draft.span(after[0])[1])
    return None


def _from_levels(
    draft: RequestDraft, levels: list[float], used: list[Mention], start: int, end: int
) -> tuple[Arc, int, int, str] | None:
    if len(levels) < 2 or max(levels) - min(levels) < 0.05:
        return None
    for mention in used:
        mention.in_arc = True
    arc = tuple((round(index / (len(levels) - 1), 3), round(level, 2)) for index, level in enumerate(levels))
    return arc, start, end, " to ".join(f"{level:.2f}" for level in levels)


def _shaped(draft: RequestDraft) -> tuple[Arc, int, int, str] | None:
    for pattern, arc, means in _SHAPES:
        match = pattern.search(draft.plain)
        if match is not None and not _is_name_of_more(draft, *match.span()):
            gone = (
                []
                if arc is FALLING and not _FOLLOWS.search(draft.plain, 0, match.start())
                else _moods_in(draft, *match.span())
            )
            draft.mentions = [mention for mention in draft.mentions if mention not in gone]
            return arc, match.start(), match.end(), means
    return None


def _is_name_of_more(draft: RequestDraft, start: int, end: int) -> bool:
    """Whether the words are part of a longer name: the genre "new wave", the scene "ocean waves"."""
    return any(
        draft.span(mention)[0] < start or draft.span(mention)[1] > end
        for mention in _moods_in(draft, start, end)
        if mention.last - mention.first > 1
    )


def _with_pace(draft: RequestDraft, start: int, end: int) -> tuple[int, int]:
    """The arc's characters with the word beside them that says how fast it runs: "builds up slowly"."""
    first, last = draft.covered(start, end)
    for index in (first - 1, last):
        if not 0 <= index < len(draft.words) or draft.words[index].key not in _PACES:
            continue
        if draft.words[max(index, first)].breaks:
            continue
        pace = draft.at(index)
        draft.mentions = [mention for mention in draft.mentions if mention is not pace]
        start, end = min(start, draft.words[index].start), max(end, draft.words[index].end)
    return start, end


def _moods_in(draft: RequestDraft, start: int, end: int) -> list[Mention]:
    first, last = draft.covered(start, end)
    owners = dict.fromkeys(draft.at(index) for index in range(first, last))
    return [owner for owner in owners if owner is not None and not owner.is_grammar and owner.kind != "years"]


def _level_of(mention: Mention) -> float | None:
    """Where a mood stands between calm and lively: by the energy of its rows, else by its tempo."""
    if mention.kind not in {"mood", "sound", "activity", "scene", "axis", "time", "emoji", "genre"}:
        return None
    ranges = {wish.axis: wish for entry in mention.entries for wish in entry.effects}
    wish = ranges.get("energy") or ranges.get("tempo") or ranges.get("danceability")
    if wish is None:
        return None
    if wish.axis == "tempo":
        return HIGH if wish.high is None else LOW if wish.low is None else MIDDLE
    low, high = wish.low or 0.0, 1.0 if wish.high is None else wish.high
    middle = (low + high) / 2
    level = LOW if middle < 0.42 else HIGH if middle > 0.58 else MIDDLE
    return LOW if mention.role == "low" else min(1.0, max(0.0, level + (level - 0.5) * 0.3 * (mention.factor - 1)))


def _claim(draft: RequestDraft, start: int, end: int) -> None:
    first, last = draft.covered(start, end)
    draft.taken[first:last] = [True] * (last - first)
