"""English: wishes about bookings, new ones and those made before.

The patterns run on normalised text: lower case, straight quotes, single spaces.
"""

from __future__ import annotations

import re

from .blocks import BOOKING, CARE, FEW, MINE, NOT_OURS, any_of

BOOKINGS: dict[str, re.Pattern[str]] = {
    "book": any_of(
        rf"\b(?:book|schedule|reserve|make|set(?: up)?|arrange|fix|get|create|plan|place|request|have|need|"
        rf"want|like|find|"
        rf"take|do)\b{NOT_OURS}[^.?!]{{0,45}}\b(?:{BOOKING})\b(?!.*\b(?:polic|cancel))",
        rf"\b(?:need|want|like|wanna|love|hoping|looking|trying)\b[^.?!]{{0,12}}\bto (?:see (?:an?|the|dr|your|"
        rf"my)|visit|come|book|"
        rf"schedule|reserve|view|go to (?:an?|the|your) (?:{CARE}|salon|doctor|dentist)|check out|consult|"
        rf"(?:have|get|do) (?:an? |my |the )?(?:{BOOKING}|{CARE}|\w+ (?:done|cut|checked|fixed|looked|coloured|"
        rf"colored)))\b" + NOT_OURS,
        r"^(?:please |pls |can (?:you|i|we) |could (?:you|i|we) |i(?:'d| would)? (?:like|want|need) to |i "
        r"wanna |let'?s |ok |"
        r"hi |hello |hey )*(?:book|schedule|reserve)\b" + NOT_OURS,
        rf"^(?:an? |my |the |new )*(?:{BOOKING})(?: please)?[.!?]*$",
        rf"^(?:(?:hi|hello|hey|an?|new)[ ,]+)*(?:{BOOKING}) (?:for|with) (?:my|me|us|our|an?|the|\d|two)\b",
        rf"\bi(?:'m| am)? (?:need|want|looking for|after|interested in|would like|'d like|wish for)\b[^.?!]{{0,25}}"
        rf"\b(?:{BOOKING}|{CARE}|salon|stylist|barber|photographer|specialist|physician|therapist|coach|apartment)\b",
        r"\b(?:need|want|like|love|have|get)\b[^.?!]{0,25}\b(?:something|sth|stuff|my \w+|it|this) (?:to be )?"
        r"(?:done|cut|trimmed|coloured|colored|fixed|styled|checked|looked at)\b" + NOT_OURS,
        r"\b(?:find|get|recommend|search for|look for|looking for|searching for)\b[^.?!]{0,30}\b(?:salon|"
        r"stylist|barber|dentist|"
        r"doctor|physician|specialist|practitioner|therapist|coach|photographer|clinic|hairdresser|studio|apartment|"
        r"spa)\b",
        rf"\b(?:can|could|may) (?:i|we) (?:make|book|schedule|come|visit|view|see|stop by|drop in|check out|be seen|"
        rf"get (?:an? )?(?:{BOOKING}|{CARE})|have (?:an? )?(?:{BOOKING}|{CARE})|get my \w+ (?:done|cut|"
        rf"checked))\b{NOT_OURS}"
        r"(?!.*\b(?:late|address|phone|number|rating|email|human|person|someone|list|menu|details|where)\b)",
        r"\b(?:possible|able|like|love|want|hoping|wish|could i|can i) (?:to )?"
        r"(?:come|pop|drop|swing) (?:in|by|over|round)\b",
        r"\b(?:fit|put|pencil|squeeze|sign|slot) (?:me|us) (?:in|up|down)\b",
        r"\b(?:book|schedule|reserve) (?:me|us|my \w+|it|that|this|some|an?|somewhere|for)\b" + NOT_OURS,
        rf"\b(?:an?|another|some|new|for) (?:\w+ ){{0,3}}(?:{BOOKING})\b(?!.*\b(?:polic|cancel|confirm))" + NOT_OURS,
        r"\btry(?:ing)? (?:to )?(?:book|booking|making|making|schedul\w+|come|the reservation|the booking|the "
        r"appointment)\b",
        r"\b(?:continue|proceed|go) with the (?:appointment|booking|reservation)\b",
        r"\bmake an? (?:new )?(?:one|booking|appointment|reservation)\b",
        r"\b(?:can|could|may) (?:i|we) (?:please |just |maybe )?(?:see|meet) (?:some(?:one|body)|any(?:one|body)|"
        r"one of you)\b(?! about)",
    ),
    "availability": any_of(
        r"^(?:(?:so|and|hi|hey|ok)[\s,]+)*(?:is|are)\b(?=[^.?!]{0,30}\d)[^.?!]{0,40}\b(?:free|open|taken|gone)\b"
        r"[\s.?!]*$",
        r"^(?:and |so |ok |hi |hey )*(?:is|will) (?:\w+ ){1,2}(?:be )?(?:in|there|working|around|here)(?= (?:on|this|"
        r"next|today|tomorrow|tonight|(?:mon|tues?|wed|thurs?|fri|sat|sun)(?:\w*day)?)\b)",
        r"^(?:so |and |ok |hey |hi )*(?:are |r )?you (?:guys |all )?free\b(?! (?:of|from)\b)",
        r"^(?:so |and |ok |hey |hi )*(?:is |are )?(?:any(?:one|body)|some(?:one|body)) free\b",
        r"\bany (?:chance|hope)(?: (?:of|for))?(?: (?:an?|the|something|anything))?\b(?! (?:you|i|we|to|that|it)\b)",
        r"\bavailab\w+\b(?!.*\b(?:balance|funds)\b)",
        r"\bopenings?\b(?! (?:hours?|times?|days?))",
        r"\b(?:free|open|empty|vacant|spare)\b ?(?:slots?|times?|spots?|appointments?|spaces?|days?|dates?)",
        r"\b(?:any|some|next|first|earliest)(?:thing|time)? (?:\w+ )?(?:slots?|spots?|times|appointments?|space)\b",
        r"\b(?:do|have) you (?:guys )?(?:have|got) (?:\w+ ){0,4}(?:anything|something|time|space|room|slots?|"
        r"spots?)\b",
        r"\b(?:is|are) there (?:anything|any ?thing|something|any time|space|room|a slot|a spot|any)\b[^.?!]{0,25}"
        r"\b(?:on|at|in|for|around|before|after|between|this|next|tomorrow|today|tonight|morning|afternoon|"
        r"evening|later|"
        r"earlier|sooner|with|\d)",
        r"\bwhat (?:do|have) you (?:have|got)\b[^.?!]{0,12}\b(?:on|for|in|at|this|next|tomorrow|today|left|"
        r"free|open)\b",
        r"\b(?:what|which) (?:times?|days?|dates?|slots?|hours?)\b[^.?!]{0,25}\b(?:have|free|open|possible|"
        r"work|can i|left|"
        r"there|available|got|are|good)\b(?! (?:you )?(?:open|closed)\b)",
        r"\bwhen (?:can|could|may|would) (?:i|you|we)\b[^.?!]{0,25}\b(?:come|see|fit|book|have|get|do|be seen|"
        r"drop)\b",
        r"\bwhen(?:'s| is| are)? (?:the |your )?(?:next|earliest|first|soonest)\b(?!.*\bmy\b)",
        r"\b(?:any|some)thing (?:\w+ )?(?:free|open|left|earlier|later|sooner|on|at|in|for|around|tomorrow|"
        r"today|this|next|"
        r"with|before|after|between)\b",
        r"\bany(?:thing)? (?:earlier|later|sooner)\b",
        r"\b(?:earliest|soonest|asap|a\.s\.a\.p|first available|next free|as soon as (?:possible|you can))\b",
        r"\b(?:fit|squeeze) (?:me|us|him|her) in\b",
        r"\bhow (?:busy|booked|full) (?:are|is|will)\b",
        r"^(?:and |so |ok |well )*how soon\b|\bhow soon (?:can|could|would|do|is|are)\b",
        r"\b(?:are you|you are|you're|is (?:he|she|[a-z]+)) free\b",
    ),
    "cancel": any_of(
        rf"\b(?:cancel\w*|call(?:ing)? off|unreserve|unbook|annul|scrap)\b(?! "
        rf"polic)[^.?!]{{0,50}}\b(?:{BOOKING}|{CARE}|plans)\b"
        r"(?!.*\bpolic)",
        rf"\b(?:{BOOKING}|{CARE})\b[^.?!]{{0,50}}\b(?:cancel\w*|call(?:ed)? off)\b(?!.*\bpolic)(?! (?:fee|charge))",
        rf"\b(?:cancel|call off|unreserve) {MINE}\b" + NOT_OURS + r"(?!.*\bpolic)",
        rf"\b(?:delete|remove|erase|drop|withdraw|clear(?: off)?|take (?:off|out)|get rid of|close|undo|void|"
        rf"strike|end|abandon|"
        rf"trash|release|ditch|repeal|nix|dump|kill|axe|bin|chuck|scratch) (?:{MINE} )?{FEW}"
        rf"(?:{BOOKING}|{CARE})(?! card)",
        r"^(?:please |ok |okay |then |and |so )*(?:cancel|unreserve)(?: it| that| this)?(?: please| then| now| "
        r"thanks)*[.!]?$",
        r"\bcancel (?:both|all|them|everything|one|either)\b(?: of (?:them|those|these|my bookings))?"
        r"(?: (?:i|we)(?:'ve| have)?(?: got| booked)?)?(?=[\s.,!?]*$|[.,!?;])",
        r"\b(?:make|put in|need|want|request) (?:an? )?cancellation\b(?! (?:policy|of))",
        r"\b(?:i|we) (?:want|need|have|would like|'d like|wanna)(?: to)? (?:cancel|unbook)\b" + NOT_OURS,
        rf"(?:\bno longer|\bnot|n't) (?:\w+ ){{0,2}}\b(?:need|require|want)\b(?! to)[^.?!]{{0,20}}\b(?:{BOOKING})\b",
        rf"\b(?:{BOOKING})\b[^.?!]{{0,40}}(?:\bno longer|\bnot|n't) (?:\w+ )?(?:need(?:ed)?|required|necessary)\b",
        rf"\b(?:{BOOKING})\b[^.?!]{{0,40}}\bneed (?:to )?(?:any ?more|release|let go)\b",
        rf"\b(?:can't|cannot|can not|won't|unable to|not going to|not able to) (?:make|attend|come|keep)\b"
        rf"[^.?!]{{0,30}}\b(?:{BOOKING})\b",
        r"\b(?:can't|cannot|won't be able to) make it\b(?! (?:at|on|before|until|then|that|to \w+ (?:at|on)))[.!]*$",
        r"\b(?:i|we) (?:do not|don't) want to (?:meet|come|go|attend)\b",
        r"\b(?:im|i'm|i am|we're|we are|won't) (?:not )?(?:be )?(?:going|coming|showing up)\b[^.?!]{0,12}\b"
        r"(?:dinner|lunch|appointment|anymore|any more)\b",
        r"\bhow (?:can|do) i cancel\b" + NOT_OURS,
        r"\bcall(?:ing)? (?:it|this|that|everything|the whole thing) off\b",
        r"\b(?:gotta|have to|got to|need to|must|wanna) (?:bin|drop|scrap|ditch) (?:it|that|this)\b",
    ),
    "reschedule": any_of(
        r"\bsomething(?:'s| has)? (?:come|came|popped) up\b",
        rf"\b(?:push|bump|bring|pull|put) (?:me|us|(?:my|our) (?:{BOOKING})) (?:back|forward|up)\b",
        r"\b(?:re-?schedul\w*|re-?book(?! another)\w*|postpone)\b" + NOT_OURS,
        rf"(?<!oil )\b(?:change|move|switch|shift|push(?: back)?|bring forward|amend|modify|edit|alter|adjust|"
        rf"update|swap|upgrade|"
        rf"delay)\b(?: up| back)?[^.?!]{{0,40}}\b(?:{BOOKING}|{CARE}|time|times|date|dates|day|schedule|"
        rf"check-?in|check-?out)\b",
        rf"\b(?:{BOOKING})\b[^.?!]{{0,50}}(?<!oil )\b(?:changes?|(?:time|date|day) changed|amend\w*|modif\w+|move|"
        rf"moved|delay|postpone)\b",
        r"\b(?:change|move|switch|shift|push) (?:it|this|that|things|everything|mine|my \w+|the \w+) (?:to|for|"
        r"until|till|back)\b" + NOT_OURS,
        r"\bhave to change it\b",
        r"\b(?:change|move|switch|shift|push) my (?:thing\w*|spot|one)\b",
        rf"\b(?:make|do) (?:some )?changes? (?:to|on) {MINE} (?:\w+ )?(?:{BOOKING})\b",
        rf"\b(?:different|another|other|new|later|earlier) (?:time|day|date) (?:for|of) {MINE} (?:\w+ "
        rf")?(?:{BOOKING})\b",
    ),
    "own_list": any_of(
        r"\b(?:find|show|see|look up|list|check|open)(?: me)? (?:all )?(?:of )?my (?:other |existing |current |"
        r"upcoming )?(?:bookings?|appointments?|reservations?|sessions?|shoots?)\b",
        r"^my (?:bookings|appointments|reservations)[.?! ]*$",
    ),
    "find": any_of(
        rf"\b(?:what|which|any other|how many) (?:{BOOKING}) (?:do|have) (?:i|we)\b",
        r"\b(?:what|which|when|what time|what day)\b[^.?!]{0,10}\bam i (?:booked|down|due|coming|expected)\b",
        r"\bam i (?:still |already |all )?(?:booked|down)(?: in)?\b",
        r"\b(?:forgot\w*|(?:can't|cannot|don't|do not) (?:remember|recall)|lost track of)\b[^.?!]{0,15}\b(?:when"
        r"|(?:what|which) (?:time|day))\b",
        r"\bwhen do i come in\b",
        rf"\b(?:has|have|had) an? (?:\w+ )?(?:{BOOKING}) (?:with you|at yours|here|there)\b",
        rf"\b(?:re-?send|send (?:me )?(?:again|another|a new))\b[^.?!]{{0,15}}\b(?:e-?mail|confirmation|{BOOKING})\b",
        r"\b(?:didn't|did not|haven't|never|not)(?: \w+)? (?:get|got|gotten|receive|received)\b[^.?!]{0,15}"
        r"\b(?:e-?mail|confirmation)\b",
        r"\b(?:what'?s|what (?:is|was)|where'?s|where (?:is|can i find)|send me|tell me|give me|show me|see) my "
        r"(?:(?:booking|confirmation|reference) (?:code|number)|code|reference)\b",
        r"\b(?:what|when|which) (?:did|have|had|do|am) i (?:just |already |actually )?(?:book(?:ed)?|reserved?|coming|"
        r"due|have (?:booked|coming up))\b",
        r"\b(?:what|when|which one) (?:i've|i have|i had|i|have i)(?: got)? (?:booked|coming up)\b",
        r"\b(?:check|tell me|look up|see) (?:when|what (?:time|day))(?: (?:it|that|mine|i)\b|[\s.?!]*$)",
        r"\b(?:wife|husband|partner|mum|mom|mother|dad|father|friend|sister|brother|assistant|secretary|someone|"
        r"somebody) (?:has |already |just )*(?:booked|made (?:an?|my|the) (?:\w+ )?(?:appointment|booking))\b",
        rf"\b(?:did|has|have|is|was) (?:my|our|the) (?:\w+ )?(?:{BOOKING}) (?:go(?:ne)? through|still on|made|"
        r"confirmed|in your (?:book|system|calendar))\b",
        rf"\b(?:when|what time|what day|where|which day|how long)(?: exactly)? (?:is|was|are|do i have|"
        rf"'s)\b[^.?!]{{0,12}}"
        rf"\b(?:my|our|i have|the)\b(?! next (?:available|free|open))[^.?!]{{0,30}}\b(?:{BOOKING})\b(?! "
        rf"(?:available|free))",
        rf"\bwhat time (?:is|was|do i have|have i|am i)\b[^.?!]{{0,40}}\b(?:{BOOKING})\b",
        rf"\b(?:what|when|which)(?:'s| is| are)? my (?:next |upcoming |current )?(?:{FEW})(?:{BOOKING})\b",
        rf"\bdo i (?:still |already |even )?have\b[^.?!]{{0,40}}\b(?:{BOOKING})\b",
        rf"\b(?:check|find|look up|lookup|look for|see|show|view|verify|confirm|double check|review|retrieve|pull up|"
        rf"status of|details (?:of|on|for)|info(?:rmation)? (?:on|about|for)) (?:me )?(?:on |about |out |that )?"
        rf"(?:my|our|the existing|an existing|i have|i had|if i have|whether i have|i "
        rf"made)\b[^.?!]{{0,60}}\b(?:{BOOKING})\b",
        rf"\b(?:confirm|verify|check|know|see|sure)\b[^.?!]{{0,30}}\b(?:i|we) (?:still |already |do )?(?:have|"
        rf"had|made)\b"
        rf"[^.?!]{{0,40}}\b(?:{BOOKING})\b",
        rf"\b(?:confirm|verify|check) (?:on )?(?:{FEW})(?:reservations?|bookings?)\b",
        r"\b(?:already|previously) (?:have|made|had) (?:a|an|my|one)\b[^.?!]{0,20}\b(?:booking|appointment|"
        r"reservation)\b",
        rf"\b(?:about|on|for|with) my (?:current|existing|upcoming|next) (?:\w+ )?(?:{BOOKING})\b",
        r"\bmy (?:booking|bookings|reservations|appointments)\b[?.!]?$",
        rf"\b(?:is|are) my\b[^.?!]{{0,30}}\b(?:{BOOKING})\b",
        rf"\b(?:make sure|assure me|sure that|tell me if|know if|show me as)\b[^.?!]{{0,50}}\b(?:{BOOKING})\b",
        r"^(?:hi |hello |hey |at \S+ )*(?:i|we)(?:'ve)?(?: have| had)?(?: already| just| got| a)* (?:have|got|"
        r"made|booked) "
        r"(?:an?|my|the|one|two|our) (?:\w+ ){0,4}(?:bookings?|reservations?|appointments?|tables?)\b",
        r"\b(?:i have|i've got|we have) (?:an?|my|the) (?:\w+ ){0,3}(?:bookings?|reservations?)\b(?! (?:at|"
        r"with) (?:another|a))",
        r"\bexisting (?:booking|reservation|appointment)\b",
        r"\b(?:i'?m|i am|we're|table is|i'?ve|we've|i have|we have) (?:already )?booked\b",
        rf"\b(?:{BOOKING})\b[^.?!]{{0,40}}\b(?:is|are) (?:still )?(?:confirmed|valid|set|there|happening|"
        rf"scheduled|good)\b",
        rf"\bmy\b[^.?!]{{0,20}}\b(?:{BOOKING})\b[^.?!]{{0,40}}\bconfirmed\b",
        r"\bhave (?:an? )?(?:reservation|booking) (?:for|under)\b",
        r"\b(?:lost|find|forgot|don't have) my (?:confirmation|booking) (?:code|number)\b",
    ),
    "another_booking": any_of(
        r"\b(?:another|second|one more|new) (?:appointment|booking|one|reservation|session|viewing|visit)\b",
    ),
    "give_up": any_of(
        r"\bnever ?mind\b|^(?:(?:oh|ok|ah|no|lol|actually|sorry)[\s,.]+)*(?:nvm|nvmd|nm)\b",
        r"\bforget (?:it|about it|that)\b",
        r"\b(?:don't|do not) (?:bother|want (?:it|this|that|an? \w+|to book) any ?more)\b",
        r"\b(?:let's|i'll|please|just) (?:leave|skip|drop|scrap) (?:it|that)\b",
        r"\bnot interested\b",
        r"^(?:(?:no|nah|nope|ok|okay|actually|just|then|well|hm+)[\s,.]+)*(?:leave|skip|drop|scrap) (?:it|that)"
        r"(?: altogether| then| for now)?[\s.!]*$",
        r"\bi(?:'?ll| will) (?:have to )?(?:let (?:you|ya) know|tell you|(?:get|come) back to you|decide)\b",
        r"\bi(?:'?ll| will) (?:have to )?confirm (?:(?:it|that|with you) )?(?:later|tomorrow|tonight|soon|on|by|next"
        r"|when|once|after)\b(?!.* at \d)",
        r"\b(?:can|could) i (?:let (?:you|ya) know|tell you|(?:get|come) back to you)\b",
        r"\bi'?ll (?:pass|think about it|call|come back|try (?:again )?(?:later|another)|look elsewhere|go "
        r"elsewhere)\b",
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
}
