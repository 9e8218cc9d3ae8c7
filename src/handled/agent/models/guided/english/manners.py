"""English: greetings, thanks, yes and no, rudeness and mischief.

The patterns run on normalised text: lower case, straight quotes, single spaces.
"""

from __future__ import annotations

import re

from .blocks import any_of

MANNERS: dict[str, re.Pattern[str]] = {
    "greet": any_of(
        r"^(?:(?:hi|hello|hey)[\s,.!?]+)*(?:is |are )?(?:any(?:one|body)|some(?:one|body)|you)(?: still| even)? "
        r"(?:there|here|home|around|alive|listening)[\s.!?]*$",
        r"^(?:i'?m|i am|still|am)(?: still| here)? waiting(?: here)?[\s.!?]*$",
        r"^(?:he+y+|hi+|hello+)\b",
        r"^(?:well )?(?:hi|hello|hey|hiya|howdy|hola|yo|greetings|good (?:morning|afternoon|evening|day))\b",
        r"\bhow(?: are|'re| have|'ve) you\b",
        r"\bhow(?: is|'s) (?:it (?:going|hanging)|everything|life|your day)\b",
        r"^(?:so )?(?:what's up|whats up|sup|wassup)\b",
        r"\bhow do you do\b",
        r"\bsay (?:hi|hello)\b",
        r"\bare you (?:doing|feeling) (?:ok|okay|well|good|fine|alright)\b",
        r"\bis everything (?:going )?(?:ok|okay|well|fine|alright|good)\b",
        r"\bhow is (?:the|my) (?:ai|bot)\b",
        r"\b(?:nice|pleased|great|good) to (?:meet|see) you(?! (?:later|again|soon))",
    ),
    "thanks": any_of(
        r"\b(?:thanks?|thank ?(?:you|u|yo)|tank you|thx|ty|cheers|ta|merci|gracias|danke)\b(?! (?:a lot )?for nothing)",
        r"\bmuch (?:obliged|appreciated)\b",
        r"\b(?:appreciat\w*|grateful|thankful)\b",
        r"\byou(?:'re| are|r|'ve been| have been|re)? (?:so |very |really |been |such )*(?:an? )?(?:the best|"
        r"helpful|great|"
        r"awesome|amazing|kind|nice|star|lifesaver|doll|thoughtful|legend|big help|great help|wonderful|angel)\b",
        r"\byou (?:were|are) (?:so |very |really )?(?:helpful|kind|great)\b",
        r"\bthat (?:was|is) (?:very |really |so )?(?:helpful|kind)\b",
        r"\b(?:good|great|nice|excellent|well|fine) (?:job|work|answer|done)\b(?! (?:with|on) (?:my|the) hair)",
        r"\bi owe you\b",
        r"\b(?:so |really )?glad (?:that )?you (?:helped|could|were)\b",
        r"\byour (?:answer|help|response|reply) (?:was|is|pleased|helped)\b",
    ),
    "bye": any_of(
        r"\b(?:good ?bye|bye(?:-?bye)?|buh-?bye|fare?i?well|adios|ciao|s[ay]yonara|syonara|cya|peace out|good ?night|"
        r"ttyl|toodles?|tootles|ta-?ta|au revoir)\b",
        r"^(?:peace|so long)[.!]*$",
        r"^(?:(?:please|just|pls)[\s,]+)*(?:leave me alone|go away|unsubscribe|"
        r"stop (?:texting|messaging|writing)(?: \w+)?)[\s.!]*$",
        r"^(?:see|catch|talk to|speak to) (?:you|ya)\b",
        r"\b(?:see|catch) (?:you|ya) (?:later|soon|then|around|again|there|tomorrow|in a)",
        r"\b(?:talk|speak|chat) (?:to you )?(?:later|soon|again)\b",
        r"^later(?:s|z)?(?: \w+)?[.!]?$",
        r"^later,",
        r"\buntil (?:next time|then|we (?:meet|speak))\b",
        r"\bhave a (?:good|great|nice|lovely|wonderful) (?:day|one|evening|night|weekend|afternoon|time)\b",
        r"\btake (?:care|it easy)\b",
        r"^(?!.*\bwhere\b).*"
        r"\b(?:i(?:'ve| have|'ll| will|'m| am)? ?)?(?:got to|gotta|have to|need to|must|should|be|going to) "
        r"(?:go|run|leave|"
        r"leaving|get going|head (?:out|off)|hit the road|be (?:off|going))\b(?! (?:to|for|on|at|with|see|the "
        r"(?:salon|doctor)))",
        r"\bi(?:'m| am) (?:out(?:ta)? (?:of )?here|off now|leaving(?: now)?)\b",
        r"\b(?:that's|that is|that was|thats|that will be|that'll be|this is) (?:all|it|everything)\b"
        r"(?! (?:right|correct|good|great|fine|wrong))",
        r"\bthat (?:will|should) (?:be all|do)(?: it)?\b",
        r"\b(?:nothing|no,? nothing) (?:else|more)\b",
        r"\bi'?m (?:all )?(?:done|set|good now|good for now)\b",
        r"\b(?:we're|we are|i'm|im) (?:all )?(?:done|finished|all good|all set)\b",
        r"\b(?:nice|good|lovely|great|enjoyable|fun|pleasant|pleasure|cool|glad|enjoyed|nice to "
        r"have)\b[^.?!]{0,30}\b(?:talk\w*|"
        r"chat\w*|convers\w+|speak\w*|catch up|seeing you|touch)\b",
        r"\bdon't need anything (?:else|more)\b",
        r"\byou'?ve (?:given|told) me (?:all|everything)\b",
    ),
    "yes": any_of(
        r"^(?:well |oh |ah |um+ |hmm+ |uh+ )?(?:yes|yea|yeah|yeap|yep|yup|ya|yah|yess+|aye|uh-?huh|sure|ok|"
        r"okay|okey|k|kk|"
        r"of course|absolutely|definitely|certainly|correct|correctly|right|exactly|precisely|perfect|great|"
        r"excellent|awesome|"
        r"wonderful|fantastic|lovely|brilliant|super|nice|sweet|neat|amazing|superb|fine|good|cool|alright|"
        r"all right|indeed|agreed?|"
        r"affirmative|positive|"
        r"deal|done|true|totally|by all means|why not|please(?: do| and thank you|$)|proceed|confirm(?:ed)?|"
        r"go (?:on|ahead|for it)|book (?:it|that|this)|do (?:it|that)|let's do (?:it|that)|gladly|roger|"
        r"strongly agreed?|i (?:confirm|agree|accept))\b",
        r"\b(?:sounds|looks|seems|appears|would be|will be|that'd be|that'll be|surely is) "
        r"(?:\w+ )?(?:good|great|perfect|fine|right|ok|okay|lovely|wonderful|awesome|all right|alright|true|correct)\b"
        r"(?<!not good)(?<!not great)(?<!not right)(?<!n't good)",
        r"\b(?:that|this|it|its|said|which)(?:'s| is)? (?:\w+ ){0,3}(?:right|correct|fine|good|great|perfect|"
        r"ok|okay|excellent|"
        r"true|accurate|acceptable|confirmed|wonderful|affirmative|exactly|a fact)\b",
        r"\b(?:that|it|this) (?:would |will |should |does )?(?:work|works|suits?)(?: (?:for|with) me)?\b",
        r"\bworks for me\b",
        r"\bgood (?:for|with) me\b",
        r"\bgo ahead\b",
        r"\b(?:i'm|i am) (?:ok|okay|happy|fine|good) with\b",
        r"\b(?:i|we) (?:can )?(?:confirm|agree|accept)\b",
        r"\b(?:answer|response|say|definite|resounding|a)\b[^.?!]{0,20}\b(?:yes|affirmative)\b",
        r"\byou(?:'ve| have)? (?:got|gotten|understood|done) [^.?!]{0,25}\b(?:right|exact(?:ly)?|perfectly|"
        r"correctly)\b",
    ),
    "no": any_of(
        r"^(?:well |oh |um+ |hmm+ |uh+,? |sorry,? |please,? |wait,? |oops,? )*(?:no|nope|nah|naw|nay|not|"
        r"negative|never|wrong|"
        r"incorrect|false|don't|do not|heck no|hell no|no way)\b"
        r"(?! (?:problem|worries|preference|one|matter|doubt|later|only|sure|bad|refund))",
        r"\b(?:that|this|it|you)(?:'s| is|s| are|'re)? (?:\w+ )?(?:not|n't|wrong|incorrect|inaccurate|false|"
        r"erroneous|untrue)\b",
        r"\b(?:isn't|doesn't|won't|wouldn't|don't|ain't) (?:work|suit|right|correct|true|it|what)\b",
        r"\bdoes(?:n't| not) work\b",
        r"\bi (?:do not|don't|don’t) (?:think|believe|want|agree)\b",
        r"\bi think not\b",
        r"\b(?:but|yeah|yea|yes|ok|okay|well|thanks|hm+)[\s,]+(?:no|nah|nope)"
        r"(?:[\s,]+(?:thanks|thank you|ta|thx))?[\s.!]*$",
        r"^nothing[.!]*$",
        r"\bnone of (?:those|these|them|the)\b",
        r"\bneither\b",
        r"\bi'd rather not\b",
        r"\b(?:answer|response|say|definite|hard|be|is) (?:is |to that is )?(?:definitely |an? )?(?:no|"
        r"negative)\b(?! \w)",
        r"\b(?:wrong(?:ly)?|incorrect(?:ly)?|false|mistakes?|inaccurate|erroneous)\b",
        r"\b(?:did not|didn't|have not|haven't|never) (?:say|said|get|got|ask|asked|mean|meant|want|understand)\b",
        r"\bnot (?:right|true|correct|what i)\b",
    ),
    "rude": any_of(
        r"\b(?:f+u+c+k\w*|sh[i1]t\w*|bullshit|asshole|bitch|bastard|idiot\w*|stupid|moron\w*|dumb\w*|useless|"
        r"crap|wtf|stfu|shut up|suck(?:s|er)?|screw (?:you|this|it|that|off)|hate you|worst|"
        r"damn (?:it|you|thing|bot)|"
        r"piss(?:ed)? off|garbage|rubbish|ridiculous|pathetic|incompetent|go to hell|"
        r"for (?:god|christ|fuck)'?s sake)\b",
        r"\bthank(?:s| you) (?:a lot |so much )?for nothing\b|\bno thanks to you\b",
        r"\b(?:cut|colou?r|job|service|visit|experience|massage|photos?|pictures|hair|nails) (?:\w+ )?"
        r"(?:was|were|is|looks?) (?:(?:so|really|just|very|absolutely) )*"
        r"(?:awful|terrible|horrible|a disaster|a mess|botched|ruined)\b",
        r"\b(?:want|need|get|give me|gimme) (?:all )?my money back\b|\bruined my\b|\b(?:make|file|have) a complaint\b",
        r"\bwaste of (?:my )?time\b|\bthis is (?:a joke|nonsense|insane|hopeless)\b",
        r"\bi(?:'m| am) (?:so )?(?:done|fed up)"
        r" with (?:this|you)\b",
    ),
    "let_down": any_of(
        r"\b(?:not|isn't|wasn't|aren't|weren't) (?:\w+ ){0,2}(?:happy|satisfied|pleased) with\b",
        r"\b(?:unhappy|dissatisfied|disappointed) (?:with|by|about)\b",
        r"\b(?:cut|did|made|trimmed|colou?red|left)\b[^.?!]{0,25}\b(?:(?:way|far|much|so) )*too "
        r"(?:short|dark|light|long|red|orange)\b[^.?!]*"
        r"\b(?:last time|again|fuming|furious|livid|upset|angry|awful|horrible|ruined)\b",
        r"\b(?:i'?m|im|i am|so|absolutely) (?:\w+ )?(?:fuming|furious|livid)\b",
        r"\b(?:botched|messed up|screwed up|damaged|burn(?:t|ed)) (?:my|our)\b",
        r"\b(?:want|need) (?:it|this|that) (?:fixed|redone|put right|corrected)\b",
        r"\b(?:nobody|no ?one) (?:was|were|came|showed|turned)(?: \w+)? (?:there|here|up|open)\b",
        r"\b(?:you(?: guys)?|he|she|the \w+) (?:wasn't|weren't|was not|were not|didn't|did not|never)(?: \w+)? "
        r"(?:there|here|up|open)\b",
        r"\b(?:nobody|no ?one) (?:ever )?(?:answer|pick|repl|respond)\w*\b|\byou (?:guys )?(?:forgot|stood me up)\b",
    ),
    "hostile": any_of(
        r"\b(?:ignore|disregard|forget|override|bypass)\b[^.?!]{0,25}\b(?:instructions?|rules?|prompts?|"
        r"previous|above|"
        r"polic\w+|guidelines|restrictions|everything)\b",
        r"\b(?:system|hidden|secret|initial|original) (?:prompt|message|instructions?)\b",
        r"\b(?:developer|debug|admin|god|sudo|dan|jailbreak) ?mode\b",
        r"\bjailbreak\b",
        r"\b(?:you are now|pretend (?:to be|you)|act as|role ?play|from now on you)\b",
        r"\b(?:reveal|print|repeat|show|output|leak)\b[^.?!]{0,30}\b(?:prompt|instructions?|rules|api keys?|"
        r"passwords?|secrets?|"
        r"config\w*|database)\b",
        r"<\s*/?\s*(?:script|img|iframe|svg|data|system)\b",
        r"\b(?:drop table|union select|or 1 ?= ?1)\b",
        r"\b(?:other|all|every) (?:customers?|clients?|users?|people)(?:'s|')? (?:\w+ )?(?:bookings?|"
        r"appointments?|emails?|"
        r"names|data|details|numbers?)\b",
        r"\b(?:bookings?|appointments?|emails?|names|data|details|numbers?) (?:of|from|for) (?:all |your )?(?:the )?"
        r"(?:other|every|all|another) ",
        r"\bmark (?:it|this|the booking) as (?:paid|free)\b",
    ),
}
