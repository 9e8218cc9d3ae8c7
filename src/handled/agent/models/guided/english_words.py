"""English: how customers put things. Patterns run on normalised text (lower case, straight quotes)."""

from __future__ import annotations

import re


def _rx(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{a})" for a in alternatives))


_BOOKING = (
    r"(?:appointments?|appts?|bookings?|reservations?|sessions?|viewings?|visits?|meetings?|slots?|tables?|"
    r"consultations?|classes|class|lessons?|check-?ups?)"
)
_CARE = (
    r"(?:hair ?cuts?|trim|colou?r(?:ing)?|highlights|manicure|pedicure|nails|massage|facial|waxing|makeup|"
    r"acupuncture|treatment|therapy|counsel\w+|coaching|photo ?shoot|portrait|wedding|cleaning|vaccination|"
    r"dentist|doctor|vet|dinner|lunch|brunch|breakfast|spa|oil change)"
)
_MINE = r"(?:my|our|the|that|this|an?|his|her|their)"
_FEW = r"(?:[\w':.-]+ ){0,6}"
_BANK = (
    r"(?!\w)(?!.*\b(?:card|transfer|payment|top.?up|account|transaction|pin|direct debit|atm|order|flight|"
    r"subscription|luggage|loan|mortgage|credit|passcode|timer|alarm|todo|to-do|shopping|song|playlist)\b)"
)

INTENTS: dict[str, re.Pattern[str]] = {
    "greet": _rx(
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
    "thanks": _rx(
        r"\b(?:thanks|thank (?:you|u|yo)|thx|thank|cheers|ta)\b",
        r"\bmuch (?:obliged|appreciated)\b",
        r"\bappreciat\w*\b",
        r"\bgrateful\b",
        r"\byou(?:'re| are|r)? (?:so |very |really |been )?(?:the best|helpful|great|awesome|amazing|kind|a star|"
        r"a lifesaver|a doll|thoughtful)\b",
        r"\byou (?:have been|were|are) (?:so |very |really )?(?:helpful|kind|great)\b",
        r"\bthat (?:was|is) (?:very |really |so )?(?:helpful|kind)\b",
    ),
    "bye": _rx(
        r"\b(?:good ?bye|bye(?:-?bye)?|farewell|adios|ciao|sayonara|cya|so long|peace out|good ?night|ttyl)\b",
        r"^(?:see|catch|talk to|speak to) (?:you|ya)\b",
        r"\b(?:see|catch) (?:you|ya) (?:later|soon|then|around|again|there|tomorrow|in a)",
        r"\b(?:talk|speak|chat) (?:to you )?(?:later|soon|again)\b",
        r"^later(?:s|z)?(?: \w+)?[.!]?$",
        r"\bhave a (?:good|great|nice|lovely|wonderful) (?:day|one|evening|night|weekend|afternoon|time)\b",
        r"\btake care\b",
        r"\bi(?:'ve| have)? (?:got to|gotta|have to|need to|must|should) (?:go|run|leave)\b",
        r"\bi'?m (?:out of here|off|leaving)\b",
        r"\b(?:that's|that is|that was|thats|that will be|that'll be|this is) (?:all|it|everything)\b"
        r"(?! (?:right|correct|good|great|fine|wrong))",
        r"\bthat (?:will|should) (?:be all|do)(?: it)?\b",
        r"\b(?:nothing|no,? nothing) (?:else|more)\b",
        r"\bi'?m (?:all )?(?:done|set|good now|good for now)\b",
        r"\b(?:we're|we are|i'm|im) (?:all )?(?:done|finished|all good|all set)\b",
        r"\b(?:great|nice|good|lovely|enjoyable|fun) (?:talk|chat|conversation|talking|speaking|chatting)\b",
        r"\bnice to (?:speak|talk|chat)\b",
        r"\bdon't need anything (?:else|more)\b",
        r"\byou'?ve (?:given|told) me (?:all|everything)\b",
    ),
    "give_up": _rx(
        r"\bnever ?mind\b",
        r"\bforget (?:it|about it|that)\b",
        r"\b(?:don't|do not) (?:bother|want (?:it|this|that|an? \w+|to book) any ?more)\b",
        r"\b(?:let's|i'll|please|just) (?:leave|skip|drop|scrap) (?:it|that)\b",
        r"\bnot interested\b",
        r"\bi'?ll (?:pass|think about it|call|come back|try (?:again )?(?:later|another)|look elsewhere|go elsewhere)\b",
        r"\bmaybe (?:later|another time|next time)\b",
        r"\bi(?:'ve| have)? changed my mind\b(?!.*\b(?:to|make|can|want|instead)\b)",
        r"^no[,.!]* ?(?:thanks|thank you|thankyou)\b",
        r"^(?:nope|nah)[,.!]* (?:thanks|thank you)\b",
        r"\bno,? (?:it won't|that won't|it doesn't|that doesn't)(?: work)?\b",
        r"\bno,? (?:that|it|this)(?: is|'s) (?:ok|okay|all right|alright|fine|all)\b",
        r"^no[.,! ]+(?:it |that |this )?is (?:ok|okay|fine)\b",
        r"\bnot (?:right |just )?now\b",
        r"^(?:please |just )?(?:stop|abort|quit|exit|start over)(?: it| this| please)?[.!]*$",
    ),
    "yes": _rx(
        r"^(?:well |oh |ah |um+ |hmm+ )?(?:yes|yea|yeah|yeap|yep|yup|ya|yah|yess+|aye|sure|ok|okay|okey|k|kk|of course|"
        r"absolutely|definitely|certainly|correct|right|exactly|precisely|perfect|great|excellent|awesome|wonderful|"
        r"fantastic|lovely|brilliant|super|fine|good|cool|alright|all right|indeed|agreed?|affirmative|deal|done|true|"
        r"totally|by all means|why not|please(?: do| and thank you|$)|proceed|confirm(?:ed)?|go (?:on|ahead|for it)|"
        r"book (?:it|that|this)|do it|let's do (?:it|that)|gladly|roger|i (?:confirm|agree|accept))\b",
        r"\b(?:sounds|looks|seems|would be|will be|that'd be|that'll be) "
        r"(?:\w+ )?(?:good|great|perfect|fine|right|ok|okay|lovely|wonderful|all right|alright)\b",
        r"\b(?:that|this|it)(?:'s| is) (?:\w+ )?(?:right|correct|fine|good|great|perfect|ok|okay|excellent|true|"
        r"accurate|acceptable|confirmed|wonderful)\b",
        r"\b(?:that|it|this) (?:would |will |should |does )?(?:work|works|suits?)(?: (?:for|with) me)?\b",
        r"\bworks for me\b",
        r"\bgood (?:for|with) me\b",
        r"\bgo ahead\b",
        r"\b(?:i'm|i am) (?:ok|okay|happy|fine|good) with\b",
        r"\b(?:i|we) (?:confirm|agree|accept)\b",
    ),
    "no": _rx(
        r"^(?:well |oh |um+ |hmm+ |sorry,? )?(?:no|nope|nah|nay|not|negative|never|wrong|incorrect|false|don't|do not|"
        r"heck no|hell no|no way)\b(?! (?:problem|worries|preference|one|matter|doubt|later))",
        r"\b(?:that|this|it)(?:'s| is|s)? (?:\w+ )?(?:not|n't|wrong|incorrect|false|erroneous|untrue)\b",
        r"\b(?:isn't|doesn't|won't|wouldn't|don't) (?:work|suit|right|correct|true)\b",
        r"\bdoes(?:n't| not) work\b",
        r"\bi (?:do not|don't) (?:think|believe|want|agree)\b",
        r"\bnone of (?:those|these|them|the)\b",
        r"\bneither\b",
        r"\bi'd rather not\b",
    ),
    "cancel": _rx(
        r"\b(?:cancel|cancell?ing|call(?:ing)? off|unreserve|unbook|annul|scrap)\b" + _BANK + r"[^.?!]{0,50}\b"
        rf"(?:{_BOOKING}|{_CARE})\b",
        rf"\b(?:cancel|call off|unreserve) {_MINE}\b" + _BANK + r"(?!.*\bpolic)",
        rf"\b(?:delete|remove|erase|drop|withdraw|clear(?: off)?|take (?:off|out)|get rid of|close|undo|void|strike) "
        rf"(?:{_MINE} )?{_FEW}(?:{_BOOKING}|{_CARE})",
        r"^(?:please )?(?:cancel|unreserve)(?: it| that| this)?(?: please)?[.!]?$",
        r"\b(?:i|we) (?:want|need|have|would like|'d like|wanna)(?: to)? (?:cancel|unbook)\b" + _BANK,
        rf"\b(?:no longer|not|n't)\b[^.?!]{{0,20}}\bneed\b[^.?!]{{0,20}}\b(?:{_BOOKING})\b",
        rf"\b(?:{_BOOKING})\b[^.?!]{{0,25}}\bno longer (?:needed|required|necessary)\b",
        rf"\b(?:can't|cannot|can not|cant|won't|wont|unable to|not going to|not able to) (?:make|attend|come|keep)\b"
        rf"[^.?!]{{0,30}}\b(?:{_BOOKING})\b",
        r"\b(?:i|we) (?:do not|don't|dont) want to (?:meet|come|go|attend)\b",
        r"\b(?:im|i'm|i am|we're|we are|wont|won't) (?:not )?(?:be )?(?:going|coming|showing up|there)\b[^.?!]{0,12}\b"
        r"(?:dinner|lunch|appointment|anymore|any more)\b(?<!be there)",
        r"\bhow (?:can|do) i cancel\b" + _BANK,
    ),
    "reschedule": _rx(
        r"\b(?:re-?schedul\w*|re-?book(?! another)\w*|postpone)\b" + _BANK,
        rf"\b(?:change|move|switch|shift|push(?: back)?|bring forward|amend|modify|edit|alter|adjust|update|swap|upgrade)\b"
        rf"(?: up| back)?" + _BANK + rf"[^.?!]{{0,40}}\b(?:{_BOOKING}|{_CARE}|time|times|date|dates|day|schedule|check-?in|"
        r"check-?out)\b",
        r"\b(?:change|move|switch|shift|push) (?:it|this|that|things|everything|mine|my \w+) (?:to|for|until|till|back)\b"
        + _BANK,
        rf"\b(?:make|do) (?:some )?changes? (?:to|on) {_MINE} (?:\w+ )?(?:{_BOOKING})\b",
        rf"\b(?:different|another|other|new|later|earlier) (?:time|day|date) (?:for|of) {_MINE} (?:\w+ )?(?:{_BOOKING})\b",
    ),
    "find": _rx(
        rf"\b(?:when|what time|what day|where|which day|how long)(?: exactly)? (?:is|was|are|do i have|'s)\b[^.?!]{{0,12}}"
        rf"\b(?:my|our|i have|the)\b(?! next (?:available|free|open))[^.?!]{{0,30}}\b(?:{_BOOKING})\b(?! (?:available|free))",
        rf"\bwhat time (?:is|was|do i have|have i|am i)\b[^.?!]{{0,40}}\b(?:{_BOOKING})\b",
        rf"\b(?:what|when|which)(?:'s| is| are)? my (?:next |upcoming |current )?(?:{_FEW})(?:{_BOOKING})\b",
        rf"\bdo i (?:still |already |even )?have\b[^.?!]{{0,40}}\b(?:{_BOOKING})\b",
        rf"\b(?:check|find|look up|lookup|look for|see|show|view|verify|confirm|double check|review|retrieve|pull up|"
        rf"status of|details (?:of|on|for)|info(?:rmation)? (?:on|about|for)) (?:me )?(?:on |about |out |that )?"
        rf"(?:my|our|the existing|an existing|i have|i had|if i have|whether i have|i made)\b[^.?!]{{0,60}}\b(?:{_BOOKING})\b",
        rf"\b(?:confirm|verify|check|know|see|sure)\b[^.?!]{{0,30}}\b(?:i|we) (?:still |already |do )?(?:have|had|made)\b"
        rf"[^.?!]{{0,40}}\b(?:{_BOOKING})\b",
        rf"\b(?:confirm|verify|check) (?:on )?(?:{_FEW})(?:reservations?|bookings?)\b",
        r"\b(?:already|previously) (?:have|made|had) (?:a|an|my|one)\b[^.?!]{0,20}\b(?:booking|appointment|reservation)\b",
        rf"\b(?:about|on|for|with) my (?:current|existing|upcoming|next) (?:\w+ )?(?:{_BOOKING})\b",
        rf"\bmy (?:booking|bookings|reservations|appointments)\b[?.!]?$",
        r"\b(?:lost|find|forgot|don't have) my (?:confirmation|booking) (?:code|number)\b",
    ),
    "human": _rx(
        r"\b(?:speak|talk|chat|spoken|talking|speaking)\b[^.?!]{0,20}\b(?:human|person|people|someone|somebody|agent|"
        r"representative|rep|staff|manager|owner|supervisor|reception\w*|operator|employee|team|worker|advisor|"
        r"colleague|cleaners?|boss|one of you|customer service|room service|mechanic|stylist|therapist)\b(?!.*\bpolicy\b)",
        r"\b(?:real|actual|live|human) (?:person|human|agent|being|people|operator|representative)\b",
        r"\b(?:connect|transfer|put|pass|switch|forward|direct|patch) me (?:through |over |on )?(?:to|with)?\b",
        r"\b(?:get|give|find) me (?:a|an|the|your|some) (?:\w+ )?(?:human|person|manager|agent|representative|supervisor|"
        r"owner|member of staff|employee)\b",
        r"\b(?:human|agent|representative|operator|person|manager)(?: please| now)?[.!]*$(?<!to person)",
        r"\bcustomer (?:service|support|care)\b",
        r"\b(?:want|need|like|prefer|rather have) (?:a|an|the|to see the|some) (?:\w+ )?(?:human|manager|representative|"
        r"supervisor|human being)\b",
        r"\bcall me (?:back|please|later|asap)\b",
        r"\bdon't want to (?:talk|chat|speak) (?:to|with) (?:you|a (?:bot|robot|machine|computer))\b",
        r"\b(?:this|it|that|conversation|chat|bot)\b[^.?!]{0,15}\b(?:isn't|is not|not) (?:working|helping|helpful)\b",
        r"\b(?:so|really|very|is|quite) (?:frustrating|annoying)\b(?!.*\bthanks\b)",
    ),
    "duration": _rx(
        r"\bhow long (?:is|are|does|do|will|would|for|it)\b",
        r"\bhow long [^.?!]{0,30}\b(?:take|last|run)\b",
        r"\bhow (?:much time|many (?:minutes|hours))\b",
        r"\bwhat(?:'s| is) the (?:duration|length)\b",
    ),
    "price": _rx(
        r"\bhow much\b(?! (?:time|notice|snow|rain|longer|money|battery|fuel|gas|weight|exercise|sleep))"
        r"(?!.*\b(?:account|card|balance|withdraw|tank|calories|sugar)\b)",
        r"\b(?:prices?|pricing|price list|costs?|tariffs?)\b(?!.*\b(?:gas|stock|share|bitcoin|petrol)\b)",
        r"\b(?:what|which)\b[^.?!]{0,20}\b(?:charge|fees?|rates?|pay)\b(?!.*\b(?:exchange|interest|card|account|transfer)\b)",
        r"\bdo you charge\b",
        r"\b(?:expensive|cheap|affordable|a quote)\b",
        r"\b(?:total|final) (?:amount|price|cost|bill)\b",
    ),
    "hours": _rx(
        r"\b(?:opening|business|working|office|shop|store|operating) (?:hours?|times?|days?)\b",
        r"\b(?:what|when)\b[^.?!]{0,15}\b(?:your|the|you)(?: guys)?(?:'s)? hours\b",
        r"\bhours of (?:operation|business)\b",
        r"\b(?:when|what (?:time|times|days?)|how (?:late|early|long))\b[^.?!]{0,20}\b(?:open|close|closed|closing|shut|start)\b"
        r"(?! (?:for )?(?:slots?|appointments?|times?))",
        r"\b(?:are|is|r)\b (?:you|u|it|the \w+|they|your \w+)(?: guys)? (?:still |also |usually )?(?:open|closed)\b",
        r"\bdo you (?:open|close|work)\b(?! with)",
        r"^(?:opening )?hours\??$",
        r"\bopen (?:on|at) (?:the )?(?:weekends?|sundays?|saturdays?|mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|"
        r"holidays?|night|christmas)\b\??$",
    ),
    "location": _rx(
        r"\baddress\b(?!.*\bmy address\b)(?<!email address)(?<!e-mail address)",
        r"\bwhere (?:are|is|am|do|can|abouts|'s|'re)\b[^.?!]{0,25}\b(?:you|located|location|they|it|salon|shop|studio|office|"
        r"place|clinic|dentist|doctor|find you|business|go to|situated|based)\b(?!.*\b(?:card|refund|money|transfer)\b)",
        r"^where (?:are they|is it|are you|is this|is that)\b",
        r"\b(?:located|location|directions|situated|whereabouts)\b",
        r"\bhow (?:do|can) i (?:get (?:there|to you)|find you|reach you by)\b",
        r"\bwhat (?:street|city|area|part of town)\b",
    ),
    "contact": _rx(
        r"\b(?:phone|telephone|contact|mobile|direct|landline|call|ring) ?(?:number|no\b|nr\b|#|line|info\w*|details?)",
        r"\b(?:their|your|the|its|a|her|his) (?:\w+ )?(?:number|phone|telephone|phone number)\b"
        r"(?! (?:of|is)\b)(?!.*\b(?:card|account|booking|confirmation|reference|order|tracking)\b)",
        r"\b(?:how|where) (?:can|do|could) i (?:contact|reach|call|phone|ring|email|write to) (?:you|them|someone)\b",
        r"\b(?:can|could|may) i (?:contact|reach|call|phone|ring|email) (?:you|them)\b",
        r"\b(?:contact|phone|telephone)\b[^.?!]{0,12}\?$",
        r"\b(?:what|which)(?:'s| is) (?:the |your |their )?(?:phone|number|telephone|e-?mail)\b",
        r"^(?:phone|contact|telephone|number|phone number|contact number)(?: please)?\??$",
        r"\b(?:your|their|the business) e-?mail(?: address)?\b(?!.*\bsent\b)",
        r"\btheir number\b",
    ),
    "policy": _rx(
        r"\bpolic(?:y|ies)\b",
        r"\b(?:cancellation|no.?show|late) (?:fees?|charges?|terms?|rules?)\b",
        r"\bhouse rules\b",
    ),
    "services": _rx(
        r"\b(?:what|which)\b[^.?!]{0,12}\b(?:services?|treatments?|options?|sessions?|packages?|types? of|kinds? of|sorts? of)\b"
        r"(?!.*\b(?:questions?|things|topics|subjects?|information|card|help|tasks)\b)",
        r"\b(?:list|show|see|tell me|menu|overview)\b[^.?!]{0,25}\b(?:services|treatments|menu|options|price list|packages)\b",
        r"\bwhat (?:do|can|does) (?:you|your \w+|the \w+|it|they)(?: guys| all| also)? (?:offer|provide|have on offer|sell|"
        r"do here)\b",
        r"\bwhat (?:can|could) (?:i|you) book\b",
        r"\byour (?:services|treatments|offers?|menu)\b",
        r"^(?:services|menu|treatments|price list|prices)\??$",
        r"\bwhat (?:else )?(?:do you|is) (?:have )?on (?:offer|the menu)\b",
    ),
    "offers": _rx(
        r"^(?:and |so |but |also |ok |hi |hello |hey )*(?:do|does) (?:you|u|they|she|he|it|your \w+|the \w+|this \w+)\b"
        r"(?! (?:have|know|see|think|want|need|mean|open|close))",
        r"\b(?:do|does|can|could|would|will) (?:you|u|they|she|he|it|your \w+|the \w+|this \w+)(?: guys| all| also| even)? "
        r"(?:offer|provide|do|sell|perform|cater|handle|give)\b",
        r"\b(?:is|are) [^.?!]{1,40}\b(?:offered|provided)\b",
    ),
    "availability": _rx(
        r"\bavailab\w+\b(?!.*\b(?:balance|funds)\b)",
        r"\bopenings?\b(?! (?:hours?|times?|days?))",
        r"\b(?:free|open|empty|vacant|spare)\b ?(?:slots?|times?|spots?|appointments?|spaces?|days?|dates?)",
        r"\b(?:any|some|next|first|earliest)(?:thing|time)? (?:\w+ )?(?:slots?|spots?|times|appointments?|space)\b",
        r"\b(?:do|have) you (?:guys )?(?:have|got) (?:\w+ ){0,4}(?:anything|something|time|space|room|slots?|spots?)\b",
        r"\b(?:is|are) there (?:anything|any ?thing|something|any time|space|room|a slot|a spot|any)\b[^.?!]{0,25}"
        r"\b(?:on|at|in|for|around|before|after|between|this|next|tomorrow|today|tonight|morning|afternoon|evening|later|"
        r"earlier|sooner|with|\d)",
        r"\bwhat (?:do|have) you (?:have|got)\b[^.?!]{0,12}\b(?:on|for|in|at|this|next|tomorrow|today|left|free|open)\b",
        r"\b(?:what|which) (?:times?|days?|dates?|slots?|hours?)\b[^.?!]{0,25}\b(?:have|free|open|possible|work|can i|left|"
        r"there|available|got|are|good)\b(?! (?:you )?(?:open|closed)\b)",
        r"\bwhen (?:can|could|may|would) (?:i|you|we)\b[^.?!]{0,25}\b(?:come|see|fit|book|have|get|do|be seen|drop)\b",
        r"\bwhen(?:'s| is| are)? (?:the |your )?(?:next|earliest|first|soonest)\b(?!.*\bmy\b)",
        r"\b(?:any|some)thing (?:\w+ )?(?:free|open|left|earlier|later|sooner|on|at|in|for|around|tomorrow|today|this|next|"
        r"with|before|after|between)\b",
        r"\bany(?:thing)? (?:earlier|later|sooner)\b",
        r"\b(?:earliest|soonest|asap|a\.s\.a\.p|first available|next free|as soon as (?:possible|you can))\b",
        r"\b(?:fit|squeeze) (?:me|us|him|her) in\b",
        r"\b(?:are you|is (?:he|she|[a-z]+)) free\b",
    ),
    "book": _rx(
        rf"\b(?:book|schedule|reserve|make|set(?: up)?|arrange|fix|get|create|plan|place|request|have|need|want|like|find|"
        rf"take|do)\b{_BANK}[^.?!]{{0,45}}\b(?:{_BOOKING})\b(?!.*\b(?:polic|cancel))",
        rf"\b(?:need|want|like|wanna|love|hoping|looking)\b[^.?!]{{0,12}}\bto (?:see|visit|come|book|schedule|reserve|view|go to|"
        r"check out|have|get|do|consult)\b" + _BANK,
        r"^(?:please |pls |can (?:you|i|we) |could (?:you|i|we) |i(?:'d| would)? (?:like|want|need) to |i wanna |let'?s |ok |"
        r"hi |hello |hey )*(?:book|schedule|reserve)\b" + _BANK,
        rf"^(?:an? |my |the |new )*(?:{_BOOKING})(?: please)?[.!?]*$",
        rf"\bi(?:'m| am)? (?:need|want|looking for|after|interested in|would like|'d like|wish for)\b[^.?!]{{0,25}}"
        rf"\b(?:{_BOOKING}|{_CARE}|salon|stylist|barber|photographer|specialist|physician|therapist|coach|apartment)\b",
        r"\b(?:find|get|recommend|search for|look for|looking for|searching for)\b[^.?!]{0,30}\b(?:salon|stylist|barber|dentist|"
        r"doctor|physician|specialist|practitioner|therapist|coach|photographer|clinic|hairdresser|studio|apartment|"
        r"spa)\b",
        rf"\b(?:can|could|may) (?:i|we) (?:get|have|make|book|schedule|come|visit|view|see|stop by|drop in)\b{_BANK}"
        r"(?!.*\b(?:address|phone|number|rating|email|human|person|someone|list|menu)\b)",
        r"\b(?:book|schedule|reserve|fit|put|pencil|squeeze|sign) (?:me|us|my \w+)(?: in| up| down)?\b" + _BANK,
        r"\bmake an? (?:new )?(?:one|booking|appointment|reservation)\b",
    ),
    "help": _rx(
        r"\bwhat (?:\w+ )?(?:can|could|do|are|will)? ?(?:you|u)(?: guys)? (?:\w+ )?(?:do|help|know|able|capable|answer|"
        r"familiar|versed)\b(?! (?:you )?(?:have|offer|charge))",
        r"\b(?:what|which|anything|things?|how|topics?|questions?|subjects?|stuff)\b[^.?!]{0,40}\b(?:can|may|could|should|to) i? ?"
        r"(?:ask|use you)\b",
        r"\b(?:topics?|subjects?|subject areas?|areas|skills?|capabilit\w+|functions?)\b[^.?!]{0,40}\b(?:you|know\w*|have|"
        r"versed|familiar|help)\b",
        r"\bhow (?:can|do|does|should) (?:i|you|this|it) (?:use (?:you|this)|work|help)\b",
        r"\bwhat(?:'s| is| are) (?:your|you) (?:purpose|capable|able|good at|for)\b",
        r"\bcan i ask you\b",
        r"\byou(?:'re| are)? (?:capable|knowledg\w+|familiar|versed|skilled)\b",
        r"^(?:help|help me|i need (?:some )?help|can you help(?: me)?|could you help(?: me)?)(?: please)?[.!?]*$",
    ),
    "identity": _rx(
        r"\bare you (?:an? )?(?:real|human|person|bot|robot|ai|machine|computer|chat ?bot)\b",
        r"\b(?:who|what) are you\b",
        r"\b(?:am i|is this)\b[^.?!]{0,20}\b(?:human|person|bot|robot|ai|machine)\b",
        r"\bwhat(?:'s| is) your name\b",
    ),
    "hostile": _rx(
        r"\b(?:ignore|disregard|forget|override|bypass)\b[^.?!]{0,25}\b(?:instructions?|rules?|prompts?|previous|above|"
        r"polic\w+|guidelines|restrictions|everything)\b",
        r"\b(?:system|hidden|secret|initial|original) (?:prompt|message|instructions?)\b",
        r"\b(?:developer|debug|admin|god|sudo|dan|jailbreak) ?mode\b",
        r"\bjailbreak\b",
        r"\b(?:you are now|pretend (?:to be|you)|act as|role ?play|from now on you)\b",
        r"\b(?:reveal|print|repeat|show|output|leak)\b[^.?!]{0,30}\b(?:prompt|instructions?|rules|api keys?|passwords?|secrets?|"
        r"config\w*|database)\b",
        r"<\s*/?\s*(?:script|img|iframe|svg|data|system)\b",
        r"\b(?:drop table|union select|or 1 ?= ?1)\b",
        r"\b(?:other|all|every) (?:customers?|clients?|users?|people)(?:'s|')? (?:\w+ )?(?:bookings?|appointments?|emails?|"
        r"names|data|details|numbers?)\b",
        r"\bmark (?:it|this|the booking) as (?:paid|free)\b",
    ),
    "rude": _rx(
        r"\b(?:f+u+c+k\w*|sh[i1]t\w*|bullshit|asshole|bitch|bastard|idiot\w*|stupid|moron\w*|dumb\w*|useless|"
        r"crap|wtf|stfu|shut up|suck(?:s|er)?|screw you|hate you|worst)\b",
    ),
    "any_time": _rx(
        r"\bany ?time\b(?! (?:soon|before|after|between|around|from|until|till))",
        r"\bany (?:available |free |open )?(?:time|slot|hour)s?\b(?! (?:before|after|between|around|from|at|until|till))",
        r"\bwhenever\b",
        r"\b(?:don't|do not) (?:mind|care) (?:when|what time|which time)\b",
        r"\bno (?:time )?preference\b",
        r"\b(?:time|it) (?:doesn't|does not) matter\b",
        r"\b(?:as soon as (?:possible|you can)|asap|earliest|soonest|first available|next (?:free|available))\b",
    ),
    "soonest": _rx(
        r"\b(?:as soon as (?:possible|you can)|asap|a\.s\.a\.p|earliest|soonest|first available|"
        r"(?:next|first) (?:free|available|open|possible)|any ?time (?:soon|this week)?$|any day|whenever|whichever)\b",
        r"\b(?:when|what)(?:'s| is| are)? (?:the |your )?(?:next|earliest|first|soonest)\b",
        r"\bwhen (?:can|could) (?:i|you|we)\b",
        r"\bwhat (?:times?|dates?|days?|slots?|appointments?|openings?|availability) (?:do you|are|is|have you)\b",
        r"\bwhat do you have (?:available|free|open|left)\b",
        r"\bnext free time\b",
    ),
    "other_time": _rx(
        r"\b(?:another|different|other|new|change the|any other|some other) (?:times?|slots?|hours?)\b",
        r"^(?:the )?time[.!]?$",
        r"\banything else (?:that|on) (?:day|the same day)\b",
    ),
    "other_day": _rx(
        r"\b(?:another|different|other|new|change the|any other|some other) (?:days?|dates?)\b",
        r"^(?:the )?(?:day|date)[.!]?$",
    ),
    "earlier": _rx(
        r"\b(?:earlier|sooner)\b(?! (?:today|this week|i said|you said|conversation))",
        r"\btoo late\b",
        r"\bbefore that\b",
    ),
    "later": _rx(
        r"\blater\b(?! (?:today|this week|this month|on today|gator))(?<!see you later)(?<!talk later)(?<!maybe later)"
        r"(?<!sooner or later)",
        r"\btoo (?:early|soon)\b",
        r"\bafter that\b",
    ),
    "day_after": _rx(
        r"\b(?:the )?(?:next|following) day\b",
        r"\b(?:the )?day after(?: that)?\b(?! tomorrow)",
        r"\ba day later\b",
    ),
    "day_before": _rx(r"\b(?:the )?(?:day before|previous day)(?: that)?\b", r"\ba day earlier\b"),
    "any_resource": _rx(
        r"\b(?:any(?:one|body)|whoever|either of (?:them|you))\b",
        r"\b(?:don't|do not) (?:mind|care) who\b",
        r"\bdoesn't matter who\b",
        r"\bno preference\b",
    ),
    "swap": _rx(
        r"\b(?:instead|actually|rather|prefer|switch|swap|change|make (?:it|that)|on second thought|better)\b",
    ),
    "something_else": _rx(r"^(?:something|anything|somewhat) (?:else|different)[.!?]*$", r"^change something[.!?]*$"),
    "another_booking": _rx(
        r"\b(?:another|second|one more|new) (?:appointment|booking|one|reservation|session|viewing|visit)\b",
    ),
    "question": _rx(
        r"\?\s*$",
        r"\?",
        r"^(?:and |so |but |also |ok |okay |well |hi |hello |hey |yes |great |cool |sorry |please )*(?:what|which|who|whose|"
        r"where|when|why|how|do|does|did|is|are|was|were|can|could|will|would|should|may|have|has|any|if|whether)\b",
        r"\b(?:tell me|let me know|i want to know|i'd like to know|i would like to know|want to know|need to know|"
        r"wondering|curious|do you know|know (?:if|whether)|check (?:if|whether)|give me|may i know|send me|share|"
        r"i need (?:their|your|the))\b",
    ),
}

ASKED_FOR: dict[str, re.Pattern[str]] = {
    "confirm": _rx(
        r"\b(?:shall|should) i (?:go ahead|book|reserve|confirm|make|put)\b",
        r"\bplease confirm\b",
        r"\b(?:is|does) (?:that|this|everything) (?:\w+ )?(?:correct|right|ok|okay|good)\b",
        r"\bwould you like me to\b",
        r"\bconfirm (?:button|below|this|the)\b",
        r"\bready to (?:book|confirm)\b",
    ),
    "code": _rx(r"\b(?:confirmation|booking|reference) (?:code|number)\b", r"\bbk-"),
    "service": _rx(r"\b(?:which|what) (?:service|treatment|kind|type|appointment|of (?:these|our))\b"),
    "date": _rx(r"\b(?:what|which) (?:day|date)\b", r"\bwhen would\b", r"\bday (?:works|suits|would)\b"),
    "time": _rx(r"\b(?:what|which) time\b", r"\btime (?:works|suits|would)\b"),
    "slot": _rx(r"\bwhich (?:one|of (?:those|them|these))\b", r"\b(?:do|does|would) any of (?:those|them|these)\b"),
    "name": _rx(r"\b(?:your|full|first|last) name\b", r"\bname (?:for|on|should|is)\b", r"\bwho (?:is|should) (?:this|the)\b"),
    "email": _rx(r"\be-?mail\b"),
    "phone": _rx(r"\bphone number\b", r"\bnumber (?:can|to) reach\b"),
    "anything_else": _rx(r"\banything else\b", r"\bsomething else\b", r"\belse (?:can|may) i\b"),
}
