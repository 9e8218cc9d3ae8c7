"""The words of somebody in danger. The patterns run on text in lower case, with straight quotes and single spaces."""

from __future__ import annotations

import re

_WHO = r"(?:my|your|him|her|them|our|it)sel(?:f|ves)"
_WISH = (
    r"(?:want(?:s|ed)?|wanna|wish(?:es)?|going|gonna|plan(?:s|ning)?|ready|prefer|tr(?:y|ies|ied|ying)|decided|"
    r"hop(?:e|ing)|"
    r"thinking (?:of|about)|thoughts? (?:of|about)|urge|about|like|feel(?:s|ing)? like|'d rather|would rather)"
)
_EVERY_DAY = r"(?:shav\w+|cook\w*|kitchen|knife|paper|can|glass|by accident|accidentally|while|when|doing|trimming)"


def _any_of(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{each})" for each in alternatives))


# "I can't do this anymore" is despair, unless what it is said of stands beside it: a page, a bot, a form, a day.
_NO_MORE = (
    r"\b(?:can't|cannot|can not|couldn't) (?:go on|do this|take (?:it|this)|keep going)"
    r"(?: (?:any ?more|any longer|like this|much longer))+"
)
_MACHINE = (
    r"(?:(?:web ?)?sites?|pages?|apps?|chat(?: ?bots?)?|bots?|robots?|forms?|booking systems?|links?|buttons?|"
    r"calendars?|log ?ins?|check ?outs?|portals?|booking (?:tool|page|thing))"
)
_WAY = (
    rf"(?:online|digitally|electronically|(?:by|via|over|through|using) (?:(?:the|this|your|ur|a) )?(?:{_MACHINE}|"
    r"e-?mails?|texts?|texting|messages?|phone|typing)|here in (?:the|this) chat)"
)
_FAILS = (
    r"(?:crash\w*|freez\w*|frozen|load\w*|hang(?:s|ing)?|stuck|glitch\w*|broken|fail\w*|errors?|bugs?|buggy|slow|"
    r"down|laggy|lags|time[sd]? out|(?:is|are|does|do|has)(?:n't| not) work\w*|won't (?:work|open|let|submit|"
    r"save|send)|keeps? \w+ing (?:me|out|up|back|down|off|again)|"
    r"keeps? (?:ask|repeat|crash|log|kick|send|reset|start)\w*)"
)
_TROUBLE = (
    rf"(?:(?:(?:your|ur|the|this|that|ya?ll'?s) (?:\w+ )?{_MACHINE}\b[^.!?;]{{0,25}}?\b{_FAILS})"
    r"|you (?:guys )?keep (?:ask|repeat|send)ing\b|something (?:has |just )?(?:came|come) up\b)"
)

# What sounds alike and is everyday talk.
NOT_MEANT = _any_of(
    rf"{_NO_MORE} {_WAY}\b(?! or\b)",
    rf"{_NO_MORE} (?:(?:this|next) )?(?:mon|tues|wednes|thurs|fri|satur|sun)day\b",
    rf"{_NO_MORE}[\s,.!?;:…-]+(?:(?:because|cause|cos|coz|as|since|and|omg|ugh|lol|sorry) )*{_TROUBLE}",
    rf"\b{_TROUBLE}[^.!?;]{{0,25}}[\s,.!?;:…-]+(?:(?:and|so|ugh|omg|sorry|i|just|honestly|really) )*{_NO_MORE}",
    r"\bd(?:y|ie|ye)(?:ing)? (?:to (?:see|try|meet|know|get|have|come|book|hear|visit|find|go)|for (?:a|an|some|my|"
    r"the|this)\b|"
    r"of (?:laughter|laughing|embarrassment|boredom|curiosity|cold|heat|hunger|thirst))[^.!?,;]*",
    r"\b(?:phone|battery|laptop|car|camera|computer|wifi|plant|conversation|connection|hair|roots|curls|look|trend|"
    r"joke)s?"
    r" (?:is |are |was |just |has |has just |keeps? |about to )*(?:d(?:ie|ied|ies|ying|ead)|kill\w*)\b",
    # Those who want to "die" their hair.
    r"\b(?:die|dying|died|kill(?:ing)?|end(?:ing)?) (?:it|them|my|her|his|our|their|the)? ?(?:\w+ )?"
    r"(?:hair|roots|ends|split ends|brows?|eyebrows?|lashes|beard|highlights|tips|color|colour|blonde|brown|black|pink|"
    r"red|blue|green|purple)\b",
    rf"\bcut(?:ting)? {_WHO}(?: (?:\w+ ){{0,3}}{_EVERY_DAY}\b| (?:a|an|some|short|off|loose|the|my|bangs|fringe|"
    rf"slack)\b)",
    r"\bkill(?:ing|ed)? (?:my|your|him|her|them)sel(?:f|ves) (?:laughing|with laughter|at the gym|working|for (?:a|"
    r"an|this|that|missing|forgetting))",
    r"\b(?:i could |i'd |could )?kill for\b",
    r"\bshoot(?:ing)? myself in the foot\b",
    r"\bsuicide (?:squad|girls?|prevention|doors?|bombers?|silence)\b",
    r"\bto die for\b|\brather die than\b",
    r"\bif it(?:'s| is) the last thing\b",
    r"\boverdos\w+ (?:of|on) (?:the )?(?:bleach|toner|colou?r|dye|hairspray|caffeine|coffee|sugar|"
    r"chocolate|cuteness)\b",
    r"\b(?:don't|do not|didn't|never) (?:want|wanna) to (?:die|live) (?:my|in|at|near|on|with|there|here|out)\b",
    r"\bhurt(?:ing)? (?:my|him|her|them)sel(?:f|ves) (?:at|in|on (?:a|the|my|holiday)|while|when|playing|running|"
    r"skiing|during)\b",
)

# A question about what the business does is none about the one who asks.
ASKS_ABOUT = re.compile(
    r"\b(?:do|does|can|could|are|is) (?:you|your \w+|the \w+|anybody|somebody|someone)\b[^.?!]{0,30}\b(?:treat|work "
    r"with|"
    r"help (?:people|clients|patients|others|someone|with)|offer|speciali[sz]e|experienced?|trained|accept|see "
    r"people)\b"
)
OF_ONESELF = re.compile(
    r"\b(?:i|i'm|i've|i'd|me|my|myself|we|he|she|his|her|him|himself|herself|they|themselves|friend|"
    r"son|daughter|husband|wife|mother|father|brother|sister|partner)\b"
)

MEANT = _any_of(
    # English: oneself, and others
    rf"\b{_WISH} (?:\w+ ){{0,2}}?(?:to )?(?:just )?(?:die|dying|be dead|kill (?:{_WHO})|end it all|end (?:my|his|her|"
    rf"their|this) life|hurt "
    rf"{_WHO}|harm {_WHO}|hang {_WHO}|shoot {_WHO}|drown {_WHO}|overdose|disappear (?:forever|for good)|"
    r"(?:fall asleep|go to sleep) and (?:never|not) wake up)\b",
    rf"\b(?:kill|hurt|harm|cut|hang|stab|starv|poison|burn)(?:s|ed|t|ting|ing)? {_WHO}\b",
    r"\bself[- ]?harm\w*|\bself[- ]?injur\w*",
    r"\bsuicid\w*",
    r"\b(?:kms|unaliv(?:e|ed|ing))\b",
    r"\b(?:thinking (?:of|about)|going to|gonna|want to|wanna|might|ready to) (?:just )?(?:ending|end) (?:it(?: all)?|"
    r"everything|things)(?=\s*(?:$|[.,!?…]|\b(?:now|tonight|today|and|because|i)\b))",
    r"\bi (?:just |have )?(?:took|swallowed|taken) (?:\d+|all|a (?:lot|bunch|handful)|too many)(?: of)?(?: my| the)? "
    r"(?:pills|tablets|painkillers|sleeping pills|meds)\b",
    r"\b(?:no ?one|nobody|no one) (?:would|will|'d) (?:even )?(?:miss|notice) (?:me )?if i\b",
    r"\b(?:have|got|'ve got|there's|is) nothing (?:left )?to live for\b",
    r"\b(?:don't|do not|can't|cannot) see (?:a|any) way (?:out|forward)(?=\s*(?:$|[.,!?…]|"
    r"\b(?:of this|and|any ?more)\b))",
    r"\bi hate my life\b",
    r"\bi(?:'m| am|m) (?:going to|gonna) jump(?=\s*(?:$|[.,!?…]))",
    r"\b(?:ends?|ended|ending|takes?|took|taking) (?:my|his|her|their) own li(?:fe|ves)\b|\bend(?:ing)? my life\b|"
    r"\btak(?:e|ing) my life\b",
    r"\bend it all\b|\bmake it (?:all )?stop forever\b",
    r"\b(?:no|any|a|without) (?:reason|point|sense)s? (?:to|in|for) (?:live|living|be alive|being alive|go on|going "
    r"on|life)\b",
    r"\blife (?:is|isn't|is not|has) (?:\w+ )?(?:worth (?:living|it)|pointless|no (?:point|meaning|sense|"
    r"purpose))(?! it)\b",
    r"\b(?:don't|do not|doesn't|does not|didn't|no longer|not) (?:really )?(?:want|wanna|wish|wants) (?:to )?(?:live|"
    r"be alive|"
    r"be here|exist|go on|wake up)(?: any ?more| any longer| like this| at all| living| tomorrow)?(?=\s*(?:$|"
    r"[.,!?;:)…]|\b(?:and|but|because|i|please)\b))",
    r"\b(?:can't|cannot|can not|couldn't) (?:go on|do this|take (?:it|this)|live|bear (?:it|this)|keep going|carry on)"
    r"(?: (?:any ?more|any longer|like this|with (?:this )?life|living|much longer))+(?! (?:to|with|on|at|in)\b)\b",
    r"\b(?:can't|cannot|can not) (?:go on|live any ?more)(?=\s*(?:$|[.!?…]))",
    r"\b(?:better off|world would be better) (?:dead|without me)\b",
    r"\b(?:wish|wished) (?:i|he|she) (?:was|were|had been|could be) (?:dead|never born|gone forever)\b|\bwish i "
    r"(?:had )?never been born\b",
    r"\bi (?:should|must|have to|need to|will|'ll|could) (?:just )?(?:die|kill myself)\b|\blet me die\b",
    r"\b(?:overdos(?:e|ed|ing)|(?:took|tak(?:e|en|ing)) (?:all|a lot of|too many)(?: of)? (?:my|the|these)? "
    r"?(?:pills|tablets|medication|meds))\b",
    r"\bjump(?:ing)? (?:off|from) (?:a|the|this|that) (?:bridge|roof|building|balcony|cliff)\b|\b(?:in front of|"
    r"under) a train\b",
    r"\b(?:kill|murder) (?:him|her|them|my (?:wife|husband|partner|boss|children|kids|family|mother|father))\b",
    # violence
    r"\b(?:he|she|they|my \w+)(?:'s| is| are)? ?(?:\w+ )?(?:hitting|beating|hurting|choking|abusing|raping|hits|"
    r"beats|chokes|"
    r"abuses|raped|is violent with|threatens? to kill) (?:me|us|my (?:son|daughter|kids?|children|baby))\b",
    r"\b(?:he|she|they|who|my \w+|boyfriend|girlfriend|husband|wife|partner)(?:'s| has| have| had)? (?:\w+ )?(?:hurts|"
    r"(?:hit|beat|choked|strangled|raped|abused|assaulted)(?! (?:me|us) (?:with|up|to|at|on)\b)|"
    r"(?:threaten(?:s|ed)|tr(?:ies|ied)) to (?:kill|hurt|strangle|choke|stab|shoot)) "
    r"(?:me|us|my (?:son|daughter|kids?|children|baby))\b",
    r"\b(?:i was|i got|i've been|i have been) (?:\w+ )?(?:raped|sexually assaulted)\b",
    r"\bi(?:'m| am)? (?:in danger|not safe at home|being (?:abused|beaten|hit))\b",
    # Spanish, German, French, Italian, Portuguese
    r"\b(?:me )?quiero morir(?:me)?\b|\bquitarme la vida\b|\bmatarme\b|\bno quiero (?:seguir )?vivi(?:r|endo)\b|"
    r"\bhacerme daño\b",
    r"\b(?:selbstmord|suizid)\w*|\bumbringen\b|\bich (?:will|möchte) (?:sterben|nicht mehr leben)\b|\bdas leben "
    r"nehmen\b|"
    r"\bmir etwas antun\b|\bich will nicht mehr(?: leben)?(?=\s*(?:$|[.,!?…]))",
    r"\bje (?:veux|voudrais|vais) (?:mourir|me tuer)\b|\bplus envie de vivre\b|\bme suicider\b",
    r"\bvoglio morire\b|\buccidermi\b|\bfarla finita\b|\bquero morrer\b|\bme matar\b|\bacabar com a minha vida\b",
)
