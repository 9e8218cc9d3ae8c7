"""English: moods and turns of talk that are neither a wish nor a plain question.

The patterns run on normalised text: lower case, straight quotes, single spaces.
"""

from __future__ import annotations

import re

from .blocks import BOOKING, CARE, any_of

_PARTNER = r"husband|wife|partner|boyfriend|girlfriend|spouse|fianc\w+|other half|significant other"
_SOME = "two|2|three|3|four|4|five|5|six|6"

MOODS: dict[str, re.Pattern[str]] = {
    "distress": any_of(
        r"\bi(?:'m| am|'ve| have)? (?:\w+ ){0,2}(?:feel|feeling|felt) (?:\w+ ){0,2}(?:awful|terrible|horrible|bad|down|"
        r"low|sad|empty|hopeless|lost|lonely|alone|overwhelmed|anxious|depressed|worthless|miserable|numb|stressed|"
        r"like (?:an? )?(?:(?:total|complete|absolute|utter|piece of) )*(?:sh[i1]t|crap|hell|garbage|rubbish|trash|"
        r"failure|nothing))\b",
        r"\b(?:everything|it|life|work|home)(?:'s| is|s)? (?:(?:just|all|getting|becoming|way|so|a bit) )*too much\b"
        r"(?! (?:money|hair|for (?:a|an|the)\b))",
        r"\bi(?:'m| am|'ve been| have been) (?:\w+ ){0,2}(?:depressed|anxious|desperate|overwhelmed|burn(?:ed|t) out|"
        r"miserable|heartbroken|grieving|falling apart|not (?:ok|okay|well|coping))\b",
        r"\b(?:having|have|had|got|going through|through) (?:\w+ ){0,3}(?:problems|issues|troubles?|difficulties|"
        r"(?:hard|tough|rough|difficult|bad) (?:time|times|patch|year|months?|weeks?))\b",
        r"\b(?:panic attacks?|burn ?out|depression|anxiety|breakdown|grief|can't (?:cope|sleep|go on)|struggling)\b",
        r"\bneed (?:to talk to (?:someone|somebody)|(?:someone|somebody) to talk to|help with my (?:life|marriage|"
        r"head))\b",
    ),
    "can_you_help": any_of(r"\b(?:can|could|do|would) (?:you|anyone|someone) (?:\w+ )?help\b(?! me\b| (?:with|to)\b)"),
    "personal": any_of(r"\b(?:i|i'm|i've|my|me|we|we're|our|us)\b"),
    "unsure": any_of(
        r"\b(?:idk|dunno|no idea|no clue|not sure|unsure|don't (?:really )?know|do not know)\b",
        r"\b(?:what|which)(?: one)? (?:do|would|can|should) (?:you|i) (?:suggest|recommend|advise|take|choose|pick|"
        r"get)\b",
        r"\b(?:suggest|recommend|advise)\b",
        r"^(?:whatever|whichever|anything|something nice|surprise me|you (?:choose|pick|decide)|doesn't matter)\b",
    ),
    "difference": any_of(
        r"\bdifferen(?:ce|t)s?\b[^.?!]*\?",
        r"\bdiff(?:erence)?\b",
        r"\b(?:compare|which (?:one )?is better|what(?:'s| is) (?:the )?(?:first|second|each|that))\b",
    ),
    "as_before": any_of(
        r"\bsame (?:thing )?(?:as|like) (?:the )?(?:last|always|usual|before)\b",
        r"\b(?:like|as) (?:last time|always|usual|before)\b",
        r"\bthe usual\b",
        r"^(?:the )?same again\b",
    ),
    "several": any_of(
        rf"\b(?:two|2|three|3|both|a couple of|several|multiple) (?:\w+ )?(?:{BOOKING})\b(?! (?:ago|before|codes?))",
        r"\b(?:needs?|wants?|would like|gets?) (?:one|it done) (?:too|as well|also)\b",
        r"\bone for me and (?:one|another)\b",
        r"\b(?:me|myself) and my \w+\b|\bmy \w+ and (?:i|me|myself)\b|\b(?:two|both|three) of us\b",
        r"\b(?:both|all) (?:of us|at (?:the same time|once))\b|\bme (?:and|plus) (?:one|a (?:friend|mate))\b",
        rf"\b(?:{_SOME}) (?:people|persons|ppl|of us|kids|children|boys|girls|sons|daughters|friends|guests)\b",
        rf"\b(?:two|2|three|3) (?:\w+ )?(?:{CARE})s?\b",
        r"\bfor (?:me|myself) and (?:for )?my (?:\w+)\b",
    ),
    "no_email": any_of(
        r"\b(?:don't|do not|haven't) (?:have|got|use|do|own|want to give)(?: an?| any| my)? e-?mail\b|\bno e-?mail\b"
    ),
    "recurring": any_of(
        r"\b(?:every|each) (?:other )?(?:week|fortnight|month|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
        r"\b(?:weekly|fortnightly|recurring|standing appointment|regular slot)\b",
    ),
    "places": any_of(rf"\b(?:{_SOME}) (?:places|seats|spots|spaces|tickets)\b"),
    "for_child": any_of(r"\b(?:kids?|child(?:ren)?|toddlers?|bab(?:y|ies)|boys?|girls?|sons?|daughters?|teens?)\b"),
    "for_adult": any_of(
        r"\b(?:mens?|men's|man|wom[ae]ns?|women's|lad(?:y|ies)|gents?|gentlem[ae]n|adults?|myself|for me|"
        r"my (?:own )?hair|my (?:husband|wife|boyfriend|girlfriend|partner|mum|mom|mother|dad|father|fianc\w+))\b"
    ),
    "referred": any_of(r"\b(?:told|sent|recommended|referred|mentioned|introduced)\b", r"\bmy friend\b"),
    "with_partner": any_of(
        rf"\b(?:sessions?|appointments?|come|together|therapy|counsel\w+|slot|book\w*)\b[^.?!]{{0,20}}\b"
        rf"with (?:my|our) (?:{_PARTNER})\b",
        rf"\bfor (?:me|myself) and (?:my|our) (?:{_PARTNER})\b",
        r"\bfor (?:the two|both) of us\b",
    ),
    "unsure_what": any_of(
        r"\b(?:not sure|no idea|don't (?:really )?know|dunno|idk|unsure) (?:\w+ )?(?:what|which)(?: \w+)? "
        r"(?:i|we|to|is)\b",
        r"\b(?:what|which)(?: \w+)? (?:should|do|would) (?:i|we) (?:book|need|get|take|choose)\b",
    ),
    "for_groups": any_of(
        r"\b(?:couples?|famil(?:y|ies)|groups?|workshops?|class(?:es)?|courses?|weddings?|engagements?|duo|two|pairs?|"
        r"part(?:y|ies)|teams?|tables?|dinner|lunch|brunch|breakfast|rooms?|viewings?|seats?|nights?|tours?)\b"
    ),
    "no_code": any_of(
        r"\b(?:lost|lose|forgot\w*|deleted|misplaced|can't find|cannot find|don't have|do not have|haven't got|have no|"
        r"idk|don't know|dunno|"
        r"never (?:got|received)|no)\b[^.?!]{0,12}\b(?:codes?|numbers?|confirmations?|e-?mails?)\b",
        r"\b(?:what|which|where)\b[^.?!]{0,16}\bcode\b",
    ),
    "code_lost": any_of(
        r"\b(?:lost|lose|forgot\w*|deleted|misplaced|can't find|don't have|haven't got|never (?:got|received)|where)\b"
        r"(?:(?!promo|discount|gift|voucher|door|zip|post)[^.?!]){0,15}\bcode\b"
    ),
    "sells": any_of(
        r"\b(?:do|does|can|could) (?:you|u|they|your \w+)(?: guys| all| also| even)? (?:offer|provide|do|perform|make|"
        r"sell)\b(?! (?:me|us|my)\b)(?!.*\b(?:discounts?|refunds?|walk.?ins?|gift|vouchers?|weekends?|house calls?|"
        r"online|kids|children|men|women|students?|it|that|this|for me|to me)\b)",
    ),
    "cancelling": any_of(
        r"\bcancel\w*", r"\b(?:move|reschedule)\w*\b", r"\b(?:can't|cannot) (?:come|make it)\b", r"\bfree of charge\b"
    ),
    "sigh": any_of(
        r"^(?:(?:omg|ugh+|god|man|wow|lol)[\s,.!]+)?(?:this|it|that)(?:'s| is) (?:(?:really|just|so|literally) )*"
        r"(?:killing me|driving me (?:crazy|nuts|mad|insane)|taking (?:forever|ages|so long|too long)|hard|slow|"
        r"annoying|frustrating|exhausting|tiring)(?: lol)?[\s.!]*$",
        r"^(?!(?:no+|well)\W*$)(?:(?:oh|aw+|ah|well|no|damn|dang|darn|shoot|shucks|bummer|rats|ugh+|argh+|gee+z|jeez|sigh|boo|meh|"
        r"pff+t?|gah|yikes|oof|ouch|drat|bah|oh no|too bad|that sucks|how sad|crap|what a (?:pity|shame|bummer)|"
        r"(?:that's |that is )?(?:a )?(?:pity|shame|bummer|annoying|unfortunate|sad)|"
        r"(?:wow |that's |thats |that is |it's |its |a |quite |very |so |too |pretty |bit |really |rather )+"
        r"(?:expensive|pricey|steep|lot(?: of money)?|much))(?:[\s,.!]+|$))+$",
    ),
    "why_asked": any_of(
        r"\b(?:why|what) (?:do|would|should|must|are) (?:you|i|we)\b[^.?!]{0,25}\b(?:name|e-?mail|address|"
        r"details|number|data|info\w*|that)\b[^.?!]{0,12}(?:for)?\?*$",
    ),
    "price_of": any_of(r"\bhow much (?:is|are|for|would|does|do|it)\b", r"\b(?:price|cost) (?:of|for)\b"),
    "about_us": any_of(
        r"\b(?:you|your|yours|u|ur|your place|the (?:salon|shop|studio|practice|place|team|staff|owner))\b",
        r"\b(?:i|we) (?:come|bring|park|arrive|wear|prepare|pay)\b|\b(?:there|here)\b",
    ),
    "how_are_you": any_of(r"\bhow(?: are|'re|'s| is) (?:you|it going|things|life|your day)\b"),
    "both_of_them": any_of(r"\b(?:both|all of (?:them|those|these))\b"),
    "both": any_of(r"\b(?:and|plus|both)\b", r"&"),
    "acknowledges": any_of(
        r"^(?:(?:o?k(?:ay)?|kk+|cool|great|perfect|awesome|nice|lovely|super|sweet|al+ ?right|got it|gotcha|good|fine|"
        r"sounds good|will do|understood|noted|wonderful|brilliant|excellent|fab|neat|then)(?:[\s,.!]+|$))+$",
    ),
    "noise": any_of(
        r"^[^a-z0-9]*$",
        r"^(?:(?:h+m+|u+m+|u+h+|e+r+|eh|huh|well|so|and|what|pardon|come again|lol|lmao|rofl|"
        r"(?:ha)+h?|(?:he)+h?|ah+|oh+|a+w+|o+h+|wow|whoa|wo+ah?|yay|yikes|gosh|omg|hm+m|let me (?:see|think|check)|"
        r"(?:one|a|just a|hold on a|wait a) (?:sec|second|moment|minute|min)|hold on|hang on|wait|brb|interesting|"
        r"(?:it's )?(?:just|only) (?:for )?(?:me|myself)|then|ok|okay|i see|gotcha|got it|really)(?:[^a-z0-9]+|$))+$",
    ),
}
