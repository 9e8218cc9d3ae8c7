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
    r"subscription|purchase|refund|item|delivery|parcel|package|luggage|loan|mortgage|credit|passcode|timer|alarm|todo|to-do|shopping|song|playlist)\b)"
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
        r"\b(?:thanks?|thank ?(?:you|u|yo)|tank you|thx|ty|cheers|ta|merci|gracias|danke)\b",
        r"\bmuch (?:obliged|appreciated)\b",
        r"\b(?:appreciat\w*|grateful|thankful)\b",
        r"\byou(?:'re| are|r|'ve been| have been|re)? (?:so |very |really |been |such )*(?:an? )?(?:the best|helpful|great|"
        r"awesome|amazing|kind|nice|star|lifesaver|doll|thoughtful|legend|big help|great help|wonderful|angel)\b",
        r"\byou (?:were|are) (?:so |very |really )?(?:helpful|kind|great)\b",
        r"\bthat (?:was|is) (?:very |really |so )?(?:helpful|kind)\b",
        r"\b(?:good|great|nice|excellent|well|fine) (?:job|work|answer|done)\b(?! (?:with|on) (?:my|the) hair)",
        r"\bi owe you\b",
        r"\b(?:so |really )?glad (?:that )?you (?:helped|could|were)\b",
        r"\byour (?:answer|help|response|reply) (?:was|is|pleased|helped)\b",
    ),
    "bye": _rx(
        r"\b(?:good ?bye|bye(?:-?bye)?|buh-?bye|fare?i?well|adios|ciao|s[ay]yonara|syonara|cya|peace out|good ?night|"
        r"ttyl|toodles?|tootles|ta-?ta|au revoir)\b",
        r"^(?:peace|so long)[.!]*$",
        r"^(?:see|catch|talk to|speak to) (?:you|ya)\b",
        r"\b(?:see|catch) (?:you|ya) (?:later|soon|then|around|again|there|tomorrow|in a)",
        r"\b(?:talk|speak|chat) (?:to you )?(?:later|soon|again)\b",
        r"^later(?:s|z)?(?: \w+)?[.!]?$",
        r"^later,",
        r"\buntil (?:next time|then|we (?:meet|speak))\b",
        r"\bhave a (?:good|great|nice|lovely|wonderful) (?:day|one|evening|night|weekend|afternoon|time)\b",
        r"\btake (?:care|it easy)\b",
        r"\b(?:i(?:'ve| have|'ll| will|'m| am)? ?)?(?:got to|gotta|have to|need to|must|should|be|going to) (?:go|run|leave|"
        r"leaving|get going|head (?:out|off)|hit the road|be (?:off|going))\b(?! (?:to|for|on|at|with|see|the (?:salon|doctor)))",
        r"\bi(?:'m| am) (?:out(?:ta)? (?:of )?here|off now|leaving(?: now)?)\b",
        r"\b(?:that's|that is|that was|thats|that will be|that'll be|this is) (?:all|it|everything)\b"
        r"(?! (?:right|correct|good|great|fine|wrong))",
        r"\bthat (?:will|should) (?:be all|do)(?: it)?\b",
        r"\b(?:nothing|no,? nothing) (?:else|more)\b",
        r"\bi'?m (?:all )?(?:done|set|good now|good for now)\b",
        r"\b(?:we're|we are|i'm|im) (?:all )?(?:done|finished|all good|all set)\b",
        r"\b(?:nice|good|lovely|great|enjoyable|fun|pleasant|pleasure|cool|glad|enjoyed|nice to have)\b[^.?!]{0,30}\b(?:talk\w*|"
        r"chat\w*|convers\w+|speak\w*|catch up|seeing you|touch)\b",
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
        r"^(?:well |oh |ah |um+ |hmm+ |uh+ )?(?:yes|yea|yeah|yeap|yep|yup|ya|yah|yess+|aye|uh-?huh|sure|ok|okay|okey|k|kk|"
        r"of course|absolutely|definitely|certainly|correct|correctly|right|exactly|precisely|perfect|great|excellent|awesome|"
        r"wonderful|fantastic|lovely|brilliant|super|fine|good|cool|alright|all right|indeed|agreed?|affirmative|positive|"
        r"deal|done|true|totally|by all means|why not|please(?: do| and thank you|$)|proceed|confirm(?:ed)?|"
        r"go (?:on|ahead|for it)|book (?:it|that|this)|do (?:it|that)|let's do (?:it|that)|gladly|roger|"
        r"strongly agreed?|i (?:confirm|agree|accept))\b",
        r"\b(?:sounds|looks|seems|appears|would be|will be|that'd be|that'll be|surely is) ?"
        r"(?:\w+ )?(?:good|great|perfect|fine|right|ok|okay|lovely|wonderful|awesome|all right|alright|true|correct)?\b"
        r"(?<!would be)(?<!will be)(?<!seems)(?<!looks)(?<!sounds)(?<!appears)(?<!that'd be)(?<!that'll be)",
        r"\b(?:that|this|it|its|said|which)(?:'s| is)? (?:\w+ ){0,3}(?:right|correct|fine|good|great|perfect|ok|okay|excellent|"
        r"true|accurate|acceptable|confirmed|wonderful|affirmative|exactly|a fact)\b",
        r"\b(?:that|it|this) (?:would |will |should |does )?(?:work|works|suits?)(?: (?:for|with) me)?\b",
        r"\bworks for me\b",
        r"\bgood (?:for|with) me\b",
        r"\bgo ahead\b",
        r"\b(?:i'm|i am) (?:ok|okay|happy|fine|good) with\b",
        r"\b(?:i|we) (?:can )?(?:confirm|agree|accept)\b",
        r"\b(?:answer|response|say|definite|resounding|a)\b[^.?!]{0,20}\b(?:yes|affirmative)\b",
        r"\byou(?:'ve| have)? (?:got|gotten|understood|done) [^.?!]{0,25}\b(?:right|exact(?:ly)?|perfectly|correctly)\b",
    ),
    "no": _rx(
        r"^(?:well |oh |um+ |hmm+ |uh+,? |sorry,? |please,? |wait,? |oops,? )*(?:no|nope|nah|naw|nay|not|negative|never|wrong|"
        r"incorrect|false|don't|do not|heck no|hell no|no way)\b"
        r"(?! (?:problem|worries|preference|one|matter|doubt|later|only|sure|bad|refund))",
        r"\b(?:that|this|it|you)(?:'s| is|s| are|'re)? (?:\w+ )?(?:not|n't|wrong|incorrect|inaccurate|false|erroneous|untrue)\b",
        r"\b(?:isn't|doesn't|won't|wouldn't|don't|ain't) (?:work|suit|right|correct|true|it|what)\b",
        r"\bdoes(?:n't| not) work\b",
        r"\bi (?:do not|don't|don’t) (?:think|believe|want|agree)\b",
        r"\bi think not\b",
        r"\bnone of (?:those|these|them|the)\b",
        r"\bneither\b",
        r"\bi'd rather not\b",
        r"\b(?:answer|response|say|definite|hard|be|is) (?:is |to that is )?(?:definitely |an? )?(?:no|negative)\b(?! \w)",
        r"\b(?:wrong(?:ly)?|incorrect(?:ly)?|false|mistakes?|inaccurate|erroneous)\b",
        r"\b(?:did not|didn't|have not|haven't|never) (?:say|said|get|got|ask|asked|mean|meant|want|understand)\b",
        r"\bnot (?:right|true|correct|what i)\b",
    ),
    "cancel": _rx(
        rf"\b(?:cancel\w*|call(?:ing)? off|unreserve|unbook|annul|scrap)\b(?! polic)[^.?!]{{0,50}}\b(?:{_BOOKING}|{_CARE}|plans)\b"
        r"(?!.*\bpolic)",
        rf"\b(?:{_BOOKING}|{_CARE})\b[^.?!]{{0,50}}\b(?:cancel\w*|call(?:ed)? off)\b(?!.*\bpolic)(?! (?:fee|charge))",
        rf"\b(?:cancel|call off|unreserve) {_MINE}\b" + _BANK + r"(?!.*\bpolic)",
        rf"\b(?:delete|remove|erase|drop|withdraw|clear(?: off)?|take (?:off|out)|get rid of|close|undo|void|strike|end|abandon|"
        rf"trash|release|ditch|repeal|nix|dump) (?:{_MINE} )?{_FEW}(?:{_BOOKING}|{_CARE})(?! card)",
        r"^(?:please |ok |okay |then |and |so )*(?:cancel|unreserve)(?: it| that| this)?(?: please| then| now| thanks)*[.!]?$",
        r"\b(?:make|put in|need|want|request) (?:an? )?cancellation\b(?! (?:policy|of))",
        r"\b(?:i|we) (?:want|need|have|would like|'d like|wanna)(?: to)? (?:cancel|unbook)\b" + _BANK,
        rf"(?:\bno longer|\bnot|n't) (?:\w+ ){{0,2}}\b(?:need|require|want)\b(?! to)[^.?!]{{0,20}}\b(?:{_BOOKING})\b",
        rf"\b(?:{_BOOKING})\b[^.?!]{{0,40}}(?:\bno longer|\bnot|n't) (?:\w+ )?(?:need(?:ed)?|required|necessary)\b",
        rf"\b(?:{_BOOKING})\b[^.?!]{{0,40}}\bneed (?:to )?(?:any ?more|release|let go)\b",
        rf"\b(?:can't|cannot|can not|won't|unable to|not going to|not able to) (?:make|attend|come|keep)\b"
        rf"[^.?!]{{0,30}}\b(?:{_BOOKING})\b",
        r"\b(?:can't|cannot|won't be able to) make it\b(?! (?:at|on|before|until|then|that|to \w+ (?:at|on)))[.!]*$",
        r"\b(?:i|we) (?:do not|don't) want to (?:meet|come|go|attend)\b",
        r"\b(?:im|i'm|i am|we're|we are|won't) (?:not )?(?:be )?(?:going|coming|showing up)\b[^.?!]{0,12}\b"
        r"(?:dinner|lunch|appointment|anymore|any more)\b",
        r"\bhow (?:can|do) i cancel\b" + _BANK,
    ),
    "reschedule": _rx(
        r"\b(?:re-?schedul\w*|re-?book(?! another)\w*|postpone)\b" + _BANK,
        rf"(?<!oil )\b(?:change|move|switch|shift|push(?: back)?|bring forward|amend|modify|edit|alter|adjust|update|swap|upgrade|"
        rf"delay)\b(?: up| back)?[^.?!]{{0,40}}\b(?:{_BOOKING}|{_CARE}|time|times|date|dates|day|schedule|check-?in|check-?out)\b",
        rf"\b(?:{_BOOKING})\b[^.?!]{{0,50}}\b(?:changes?|(?:time|date|day) changed|amend\w*|modif\w+|move|moved|delay|postpone)\b",
        r"\b(?:change|move|switch|shift|push) (?:it|this|that|things|everything|mine|my \w+|the \w+) (?:to|for|until|till|back)\b"
        + _BANK,
        r"\bhave to change it\b",
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
        r"\bmy (?:booking|bookings|reservations|appointments)\b[?.!]?$",
        rf"\b(?:is|are) my\b[^.?!]{{0,30}}\b(?:{_BOOKING})\b",
        rf"\b(?:make sure|assure me|sure that|tell me if|know if|show me as)\b[^.?!]{{0,50}}\b(?:{_BOOKING})\b",
        r"^(?:hi |hello |hey |at \S+ )*(?:i|we)(?:'ve)?(?: have| had)?(?: already| just| got| a)* (?:have|got|made|booked) "
        r"(?:an?|my|the|one|two|our) (?:\w+ ){0,4}(?:bookings?|reservations?|appointments?|tables?)\b",
        r"\b(?:i have|i've got|we have) (?:an?|my|the) (?:\w+ ){0,3}(?:bookings?|reservations?)\b(?! (?:at|with) (?:another|a))",
        r"\bexisting (?:booking|reservation|appointment)\b",
        r"\b(?:i'?m|i am|we're|table is|i'?ve|we've|i have|we have) (?:already )?booked\b",
        rf"\b(?:{_BOOKING})\b[^.?!]{{0,40}}\b(?:is|are) (?:still )?(?:confirmed|valid|set|there|happening|scheduled|good)\b",
        rf"\bmy\b[^.?!]{{0,20}}\b(?:{_BOOKING})\b[^.?!]{{0,40}}\bconfirmed\b",
        r"\bhave (?:an? )?(?:reservation|booking) (?:for|under)\b",
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
        r"\b(?:for )?(?:the whole|all|a full|the full|the entire) day\b[^.?!]*\?",
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
        rf"\b(?:need|want|like|wanna|love|hoping|looking|trying)\b[^.?!]{{0,12}}\bto (?:see (?:an?|the|dr|your|my)|visit|come|book|"
        rf"schedule|reserve|view|go to (?:an?|the|your) (?:{_CARE}|salon|doctor|dentist)|check out|consult|"
        rf"(?:have|get|do) (?:an? |my |the )?(?:{_BOOKING}|{_CARE}|\w+ (?:done|cut|checked|fixed|looked|coloured|colored)))\b"
        + _BANK,
        r"^(?:please |pls |can (?:you|i|we) |could (?:you|i|we) |i(?:'d| would)? (?:like|want|need) to |i wanna |let'?s |ok |"
        r"hi |hello |hey )*(?:book|schedule|reserve)\b" + _BANK,
        rf"^(?:an? |my |the |new )*(?:{_BOOKING})(?: please)?[.!?]*$",
        rf"\bi(?:'m| am)? (?:need|want|looking for|after|interested in|would like|'d like|wish for)\b[^.?!]{{0,25}}"
        rf"\b(?:{_BOOKING}|{_CARE}|salon|stylist|barber|photographer|specialist|physician|therapist|coach|apartment)\b",
        r"\b(?:find|get|recommend|search for|look for|looking for|searching for)\b[^.?!]{0,30}\b(?:salon|stylist|barber|dentist|"
        r"doctor|physician|specialist|practitioner|therapist|coach|photographer|clinic|hairdresser|studio|apartment|"
        r"spa)\b",
        rf"\b(?:can|could|may) (?:i|we) (?:make|book|schedule|come|visit|view|see|stop by|drop in|check out|be seen|"
        rf"get (?:an? )?(?:{_BOOKING}|{_CARE})|have (?:an? )?(?:{_BOOKING}|{_CARE})|get my \w+ (?:done|cut|checked))\b{_BANK}"
        r"(?!.*\b(?:address|phone|number|rating|email|human|person|someone|list|menu|details|where)\b)",
        r"\b(?:fit|put|pencil|squeeze|sign|slot) (?:me|us) (?:in|up|down)\b",
        r"\b(?:book|schedule|reserve) (?:me|us|my \w+|it|that|this|some|an?|somewhere|for)\b" + _BANK,
        rf"\b(?:an?|another|some|new|for) (?:\w+ ){{0,3}}(?:{_BOOKING})\b(?!.*\b(?:polic|cancel|confirm))" + _BANK,
        r"\btry(?:ing)? (?:to )?(?:book|booking|making|making|schedul\w+|come|the reservation|the booking|the appointment)\b",
        r"\b(?:continue|proceed|go) with the (?:appointment|booking|reservation)\b",
        r"\bmake an? (?:new )?(?:one|booking|appointment|reservation)\b",
    ),
    "help": _rx(
        r"\b(?:what|which|how|anything|any)\b[^.?!]{0,45}\b(?:can|could|able|may|should|are|do|would|be)\b[^.?!]{0,20}"
        r"\b(?:you|u|ask|asked|ai|i)\b[^.?!]{0,25}\b(?:help|assist|answers?|answering|respond|response|familiar|versed|"
        r"capable|ask|asked|aware|comprehend|accept|good at|able|complete|knowledg\w+|partial|programmed)\b",
        r"\bwhat (?:\w+ ){0,3}(?:can|do|could) (?:you|u) (?:do|know)\b(?! (?:for|about|with) (?:my|a|an|the)\b)",
        r"\b(?:topics?|subjects?|subject areas?|skills?|capabilit\w+|commands?|kinds? of things|things)\b[^.?!]{0,40}"
        r"\b(?:you|know\w*|have|versed|familiar|help|ask)\b",
        r"\byour (?:capabilit\w+|skills?|functions?|features|purpose)\b",
        r"\b(?:list of commands|questions are permi\w+)\b",
        r"\bhow (?:can|do|does|should) (?:i|you|this|it) (?:\w+ )?(?:use|using|work|help|benefit|assist|get you)\b",
        r"\bwhat(?:'s| is| are) (?:your|you) (?:purpose|capable|able|good at|for|familiar)\b",
        r"\bcan i ask you\b",
        r"\byou(?:'re| are)? (?:capable|knowledg\w+|familiar|versed|skilled)\b",
        r"\bwhat you (?:can|could) (?:do|help|assist)\b",
        r"^(?:help|help me|i need (?:some )?help|can you help(?: me)?|could you help(?: me)?)(?: please| with anything.*)?[.!?]*$",
    ),
    "identity": _rx(
        r"\bare you (?:an? )?(?:real|human|person|bot|robot|ai|machine|computer|chat ?bot)\b",
        r"\b(?:who|what) are you\b(?! (?:able|capable|familiar|good|doing|up to|open|guys))",
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
    "other_service": _rx(
        r"\b(?:another|different|other|change the|any other|some other) (?:services?|treatments?|sessions?|type)\b",
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
        r"i (?:need|want) (?:their|your|the|to get the)|get (?:me )?(?:the|their|your|its)|provide|find (?:me )?(?:the|their|"
        r"your|its|it's)|let me have)\b",
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
    "name": _rx(
        r"\b(?:your|full|first|last) name\b", r"\bname (?:for|on|should|is)\b", r"\bwho (?:is|should) (?:this|the)\b"
    ),
    "email": _rx(r"\be-?mail\b"),
    "phone": _rx(r"\bphone number\b", r"\bnumber (?:can|to) reach\b"),
    "anything_else": _rx(r"\banything else\b", r"\bsomething else\b", r"\belse (?:can|may) i\b"),
}
