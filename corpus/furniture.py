"""Lines of a page that stand in the article's text but are not its story.

Who helped to report it, how to subscribe, where to follow the outlet, who took the picture: a
quote from such a line would put words into the article's mouth. Only whole lines go, and words
of promotion only where they stand, near the beginning or the end.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from corpus.dates import parse_date
from corpus.names import squeeze

_EDGE = 4  # lines from either end in which promotion is looked for
_LONGEST = 420
_LONGEST_BYLINE = 80

# Credits, wherever they stand.
_CREDIT = re.compile(
    r"""(?ix)
    \(?(?:additional\ )?(?:reporting|writing|editing|compiled)\ by
        # Names, places and other credits, not "by The Post found that ...".
        (?:\s*(?:(?-i:[A-ZÀ-Þ][\w.'’-]*|and|in|for|from|of|the|at|with|by|de|la|van|von|bin|al)
            |staff|agencies|wires?|reporting|writing|editing|additional|compiled)(?!\w)|\s*[,;&–—]){1,60}
        [.)]{0,2}
    | .{3,300}\ contributed\ reporting\b.{0,60}
    | .{3,300}\ contributed\ to\ th(?:is|e)\ (?:report|story|article)\.?
    | \|?[^|]{0,300}\((?:photo|image|picture|foto|bild|crédit|credit)s?\s*(?:by|:)
        [^()]{2,80}\)\.?[\s|]*
    | (?:photo|image|picture|foto|bild|crédit\ photo|credit)s?\s*(?:by|:)\s*[^.!?]{2,80}
    | updated(?:\ at)?:?\ \d{1,2}[:.]\d\d\s*(?:[ap]\.?m\.?)?(?:\ [a-z]{2,4})?
    | (?:tempo\ de\ leitura|temps\ de\ lecture|tiempo\ de\ lectura|lesezeit|leestijd
        |tempo\ di\ lettura|reading\ time)\s*:?.{0,20}
    | (?:see\ also|read\ (?:more|also|next)|don[’']t\ miss|related|leggi\ anche|lesen\ sie\ auch
        |mehr\ zum\ thema|lire\ aussi|à\ lire\ aussi|lea\ también|leia\ (?:também|mais)
        |lees\ ook|läs\ också|baca\ juga)\s*:?
    """
)

# Behind the author's name: "is a reporter", "covers", "(@berg)", not "won 61 percent".
_OF_A_WRITER = re.compile(
    r"(?i)\W*$|,?\s+(?:is|was|has|covers?|covered|writes|reports?|reported|joined|can\s+be|works"
    r"|lives|contributed|can)\b|(?:,| is| was)(?: an?| the)? (?:[\w-]+ ){0,4}"
    r"(?:report(?:er|ing)|writer|editor|correspondent|journalist|columnist|author|producer|professor"
    r"|fellow|analyst)\b|.*@|\s*[:|–—-]"
)

# Promotion, near the ends.
_PROMOTION = re.compile(
    r"""(?ix)
    \b(?:our|free|daily|weekly|join|get)\b.{0,60}\bnewsletters?\b
    | \bdelivered\ (?:to|through)\ your\b
    | (?:^|[.!?:;,—–|]\ |\b(?:you\ can|please|here\ to)\ )sign\ up\b.{0,60}
      \b(?:e-?mails?|alerts?|inbox|updates|briefing|free)\b
    | \bsubscribe\ (?:to|for|now|today|here)\b
    | (?:^|[.!?:;,]\ |\b(?:can|please|and|or|to)\ )follow\b.{0,80}\bon\b.{0,40}
      \b(?:facebook|twitter|instagram|linkedin|youtube|x|tiktok)\b
    | \b(?:like|enjoy(?:ed)?)\ (?:this|the|our)\ (?:story|article|post)\b
    | \bshare\ (?:it|this)\b.{0,30}\b(?:friends?|story|article)\b
    | ^tell\ us\ what\ you\ think | ^click\ here\ (?:for|to)\b
    | ^follow\b.{0,100}(?:@\w+|https?://\S+)\s*\.?$
    | we(?:’|'|\ woul)d\ like\ to\ hear\ what\ you\ think
    | ^(?:https?://)?(?:www\.)?(?:twitter|facebook|instagram)\.com/\S+$
    | ^[\w.+-]+@[\w-]+\.[\w.]+$
    """
)


def without_furniture(
    lines: Sequence[str], headlines: Collection[str] = (), authors: Collection[str] = ()
) -> list[str]:
    """The lines that are the article's own.

    Args:
        lines: Paragraphs of a page's text.
        headlines: The forms of the headline; where one stands at the top again, it goes.
        authors: Their names are metadata: bylines and lines on who they are go.
    """
    titles = {squeeze(title) for title in headlines}
    kept = [line for line in lines if not _CREDIT.fullmatch(line)]
    while kept and (squeeze(kept[0]) in titles or _is_byline(kept[0], authors)):
        kept.pop(0)
    last = len(kept)
    return [
        line
        for n, line in enumerate(kept)
        if not (n < 2 and (_promotes(line) or _is_byline(line, authors)))
        and not (n >= last - _EDGE and (_promotes(line) or _is_biography(line, authors)))
    ]


def _promotes(line: str) -> bool:
    return len(line) <= _LONGEST and bool(_PROMOTION.search(line))


def _is_byline(line: str, authors: Collection[str]) -> bool:
    """A short line that is a name or a date and little else."""
    if len(line) > _LONGEST_BYLINE:
        return False
    rest = line
    for name in authors:
        rest = re.sub(re.escape(name), "", rest, flags=re.IGNORECASE)
    return (rest != line and len(rest) <= len(line) / 2) or bool(parse_date(line))


def _is_biography(line: str, authors: Collection[str]) -> bool:
    """Whether a closing line begins with the author, as "Anna Berg is a reporter" does."""
    return len(line) <= _LONGEST and any(
        line.casefold().startswith(name.casefold()) and _OF_A_WRITER.match(line[len(name) :])
        for name in authors
        if " " in name
    )
