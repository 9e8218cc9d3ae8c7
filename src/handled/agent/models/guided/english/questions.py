"""English: questions about the business and about the assistant.

The patterns run on normalised text: lower case, straight quotes, single spaces.
"""

from __future__ import annotations

import re

from .blocks import any_of

_DAY_NAMED = r"(?:weekdays?|weekends?|holidays?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|today|tomorrow)(?:'?s)?"

QUESTIONS: dict[str, re.Pattern[str]] = {
    "question": any_of(
        r"\?\s*$",
        r"\?",
        r"^(?:(?:and|so|but|also|ok|okay|well|hi|hello|hey|yes|great|cool|sorry|please|wait|oh|um+|uh|hmm+|btw|"
        r"thanks|thank you|thx|ty|cheers|perfect|awesome|nice|lovely|good|fine|no|then|"
        r"by the way|actually|hang on|hold on|one more thing|(?:a |one )?(?:quick )?question)[ ,.:;-]+)*(?:what|"
        r"which|who|whose|"
        r"where|when|why|how|do|does|did|is|are|was|were|can|could|will|would|should|may|have|has|any|if|whether)\b",
        r"\b(?:tell me|let me know|i want to know|i'd like to know|i would like to know|want to know|need to know|"
        r"wondering|curious|do you know|know (?:if|whether)|check (?:if|whether)|give me|may i know|send me|share|"
        r"i (?:need|want) (?:their|your|the|to get the)|get (?:me )?(?:the|their|your|its)|provide|find (?:me "
        r")?(?:the|their|"
        r"your|its|it's)|let me have)\b",
    ),
    "services": any_of(
        r"\b(?:what|which)\b[^.?!]{0,12}\b(?:services?|treatments?|options?|sessions?|packages?)\b"
        r"(?!.*\b(?:questions?|things|topics|subjects?|information|card|help|tasks)\b)",
        r"\b(?:what|which)\b[^.?!]{0,12}\b(?:types?|kinds?|sorts?) of (?:\w+ )?(?:services?|treatments?|sessions?|"
        r"appointments?|work|haircuts?|cuts?|massages?|packages?|classes)\b",
        r"\b(?:list|show|see|tell me|menu|overview)\b[^.?!]{0,25}\b(?:services|treatments|menu|options|price list|"
        r"packages)\b",
        r"\bwhat (?:do|can|does) (?:you|your \w+|the \w+|it|they)(?: guys| all| also)? "
        r"(?:offer|provide|have on offer|sell|do here)\b",
        r"\bwhat (?:can|could) (?:i|you) book\b",
        r"\byour (?:services|treatments|offers?|menu)\b",
        r"^(?:services|menu|treatments|price list|prices)\??$",
        r"\bwhat (?:else )?(?:do you|is) (?:have )?on (?:offer|the menu)\b",
    ),
    "offers": any_of(
        r"^(?:and |so |but |also |ok |hi |hello |hey )*(?:do|does) (?:you|u|they|she|he|it|your \w+|the \w+|"
        r"this \w+)\b"
        r"(?! (?:have|know|see|think|want|need|mean|open|close))",
        r"\b(?:do|does|can|could|would|will) (?:you|u|they|she|he|it|your \w+|the \w+|this \w+)(?: guys| all| "
        r"also| even)? "
        r"(?:offer|provide|do|sell|perform|cater|handle|give)\b",
        r"\b(?:is|are) [^.?!]{1,40}\b(?:offered|provided)\b",
    ),
    "price": any_of(
        r"\bhow much\b(?! (?:time|notice|snow|rain|longer|money|battery|fuel|gas|weight|exercise|sleep))"
        r"(?!.*\b(?:account|card|balance|withdraw|tank|calories|sugar)\b)",
        r"\b(?:prices?|pricing|price list|costs?|tariffs?)\b(?!.*\b(?:gas|stock|share|bitcoin|petrol)\b)",
        r"\b(?:what|which)\b[^.?!]{0,20}\b(?:charge|fees?|rates?|pay)\b(?!.*\b(?:exchange|interest|card|"
        r"account|transfer)\b)",
        r"\bdo you charge\b",
        r"\b(?:only|but|yes) if (?:it'?s|that'?s|it is|this is) (?:for )?free\b",
        r"\bdo i owe\b",
        r"^(?:so|and|ok|okay|wait|it'?s|its|that'?s|is it|[ ,])*[$£€]?\d+(?:\.\d\d)? ?"
        r"(?:[$£€]|dollars|bucks|pounds|quid|euros)(?: (?:right|yeah|total|in total|all in))?\?+$",
        r"\b(?:expensive|cheap(?:er|est)?|affordable|a quote)\b",
        r"\b(?:total|final) (?:amount|price|cost|bill)\b",
    ),
    "duration": any_of(
        r"\b(?:takes?|is|are|lasts?) (?:the )?(?:longer|longest|quicker|quickest|faster|shorter)\b",
        r"\bhow long (?:is|are|does|do|will|would|for|it)\b",
        r"^(?:(?:and|so|ok|okay|but|well)[ ,]+)*how long(?: (?:then|though|about|roughly))?[\s?!.]*$",
        r"\bhow long [^.?!]{0,30}\b(?:take|last|run)\b",
        r"\band how long[\s?!.]*$",
        r"\bhow (?:much time|many (?:minutes|hours))\b",
        r"\bwhat(?:'s| is) the (?:duration|length)\b",
        r"\b(?:for )?(?:the whole|all|a full|the full|the entire) day\b[^.?!]*\?",
    ),
    "hours": any_of(
        r"\b(?:opening|business|working|office|shop|store|operating) (?:hours?|times?|days?)\b",
        r"\b(?:what|when)\b[^.?!]{0,15}\b(?:your|the|you)(?: guys)?(?:'s)? hours\b",
        r"\bhours of (?:operation|business)\b",
        r"\b(?:when|what (?:time|times|days?)|how (?:late|early|long))\b[^.?!]{0,20}\b(?:open|close|closed|"
        r"closing|shut|start|begin)\b"
        r"(?! (?:for )?(?:slots?|appointments?|times?))",
        r"\b(?:are|is|r)\b (?:you|u|it|the \w+|they|your \w+)(?: guys)? (?:still |also |usually )?(?:open|closed)\b",
        r"\bdo you (?:open|close|work)\b(?! with)",
        r"^(?:(?:so|and|ok|hey|hi|hello|yo)[\s,]+)*(?:you|ya|y'?all)(?: guys)? (?:still |also )?(?:open|closed)\b",
        r"^(?:and |ok |so )*(?:until|till|til) (?:when|what time)\b",
        r"^(?:opening )?hours\??$",
        rf"\b{_DAY_NAMED} hours\b",
        rf"^(?:what are |what'?s )?(?:your |the )?hours (?:on|for|at|over) (?:the |a )?{_DAY_NAMED}\b",
        r"\bopen (?:on|at) (?:the )?(?:weekends?|sundays?|saturdays?|mondays?|tuesdays?|wednesdays?|thursdays?|"
        r"fridays?|"
        r"holidays?|night|christmas)\b\??$",
    ),
    "location": any_of(
        r"\baddress\b(?!.*\bmy address\b)(?<!email address)(?<!e-mail address)",
        r"\bwhere (?:are|is|am|do|can|abouts|'s|'re)\b[^.?!]{0,25}\b(?:you|located|location|they|it|salon|shop|"
        r"studio|office|"
        r"place|clinic|dentist|doctor|find you|business|go to|situated|based)\b(?!.*\b(?:card|refund|money|"
        r"transfer)\b)",
        r"\bwhere's (?:your|the|this) (?:place|shop|salon|studio|office|practice|location|entrance)\b",
        r"^where (?:are they|is it|are you|is this|is that)\b",
        r"\bwhere (?:do|should|must|shall) (?:i|we) (?:need to |have to )?(?:go|come|turn up|show up)\b",
        r"\b(?:located|location|directions|situated|whereabouts)\b",
        r"\bhow (?:do|can) i (?:get (?:there|to you)|find you|reach you by)\b",
        r"\bwhat (?:street|city|area|part of town)\b",
    ),
    "delayed": any_of(
        r"\b(?:running|(?:going to|gonna|will|'ll|might|may) be) (?:(?:a|bit|little|few|tiny|about|like|\d+|\w+teen|"
        r"ten|five|min\w*|hours?) ){0,4}late\b(?! (?:afternoon|evening|morning|night|slot|appointment|in\b))",
        r"\b(?:stuck|sitting) in (?:\w+ )?traffic\b",
    ),
    "contact": any_of(
        r"\b(?:phone|telephone|contact|mobile|direct|landline|call|ring) ?(?:number|no\b|nr\b|#|line|info\w*|"
        r"details?)",
        r"\b(?:their|your|the|its|a|her|his) (?:\w+ )?(?:number|phone|telephone|phone number)\b"
        r"(?! (?:of|is)\b)(?!.*\b(?:card|account|booking|confirmation|reference|order|tracking)\b)",
        r"\b(?:how|where) (?:can|do|could) i (?:contact|reach|call|phone|ring|email|write to) (?:you|them|someone)\b",
        r"\b(?:can|could|may) i (?:contact|reach|call|phone|ring|email) (?:you|them)\b",
        r"\b(?:contact|phone|telephone)\b[^.?!]{0,12}\?$",
        r"\b(?:what|which)(?:'s| is) (?:the |your |their )?(?:phone|number|telephone|e-?mail)\b",
        r"^(?:and |the |your )*(?:phone|contact|telephone|number|phone number|contact number)(?: please)?\??$",
        r"\b(?:your|their|the business) e-?mail(?: address)?\b(?!.*\bsent\b)",
        r"\btheir number\b",
    ),
    "staff": any_of(
        r"\bwho (?:will|would|does|do|is going to|is|are|cuts?|works?)\b(?! you\b)(?! this)[^.?!]{0,25}"
        r"\b(?:do|doing|cut|cutting|it|me|my|there|here|"
        r"working|with)\b",
        r"\bwith whom\b|\bwho(?:'d| would|'s| is|'ll| will)? (?:that|it|this)(?: be)? with\b",
        r"\b(?:which (?:one )?of you|who(?:'s| is| would you say is)? (?:the )?(?:best|better|nicest)|who (?:do|would) "
        r"you recommend|which (?:of them|one) is (?:the )?best)\b",
        r"\b(?:which|what) (?:stylists?|people|staff|barbers?|therapists?|doctors?|photographers?|colleagues?)\b",
        r"\bwho(?:'s| is) (?:available|working|free|doing it)\b",
    ),
    "policy": any_of(
        r"\bpolic(?:y|ies)\b",
        r"\b(?:non-?)?refundable\b",
        r"\b(?:cancellation|no.?show|late) (?:fees?|charges?|terms?|rules?)\b",
        r"\bhouse rules\b",
        r"\bif (?:i|we)(?:'m| am|'re| are|'ll be| will be| get| run| come)? (?:\w+ )?(?:late|delayed|stuck in traffic|"
        r"sick|ill|unwell)\b",
        r"\bif (?:i|we) (?:don't|do not|didn't|can't|cannot) (?:show up|turn up|come|make it|like it)\b",
        r"\b(?:what|and|but)(?: happens)? if (?:i|we) (?:\w+ ){0,3}(?:cancel|postpone|reschedule|"
        r"(?:can't|cannot) (?:come|make it))\b",
        r"\b(?:can|could|may) (?:i|we) (?:still |always |also )?(?:cancel|move|reschedule|change|re-?book)"
        r"(?: it| this| that| the appointment)? (?:later|afterwards|if|any ?time|again|for free|free of charge"
        r"|last minute|on short notice)\b",
        r"\bhow (?:late|early|long before|far ahead) (?:can|must|do|should) (?:i|we) cancel\b",
        r"\bhow (?:many times|often) (?:can|could|may) (?:i|we) (?:cancel|move|change|reschedule)\b",
        r"\bfree to cancel\b",
        r"\bcancellation (?:policy|polic\w+|rules?|terms|conditions)\b",
    ),
    "identity": any_of(
        r"\bare you (?:even |actually |really |just |like |only |some |kind of )*(?:an? |the )?(?:real|human|person|"
        r"bot|robot|ai|machine|computer|chat ?bot)\b",
        r"\b(?:who|what) are you\b(?! (?:able|capable|familiar|good|doing|up to|open|guys))",
        r"\b(?:am i|is this)\b[^.?!]{0,20}\b(?:human|person|bot|robot|ai|machine)\b",
        r"\bwhat(?:'s| is) your name\b",
    ),
    "help": any_of(
        r"\b(?:what|which|how|anything|any)\b[^.?!]{0,45}\b(?:can|could|able|may|should|are|do|would|"
        r"be)\b[^.?!]{0,20}"
        r"\b(?:you|u|ask|asked|ai|i)\b[^.?!]{0,25}\b(?:help|assist|answers?|answering|respond|response|"
        r"familiar|versed|"
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
        r"^(?:help|help me|i need (?:some )?help|can you help(?: me)?|could you help(?: me)?)(?: please| with "
        r"anything.*)?[.!?]*$",
    ),
    "talk_to_someone": any_of(
        r"\b(?:speak|talk|chat|talking|speaking)(?: things)? (?:to|with) (?:someone|somebody|anyone|anybody)\b",
        r"\b(?:someone|somebody) to (?:talk|speak) (?:to|with)\b",
    ),
    "one_of_you": any_of(
        r"\b(?:human|person(?!al)|people|team|staff|real|colleague|manager|reception\w*|in charge|on the phone|"
        r"office|invoice|bill|billing|refund|complain\w*|fees?)\b",
        r"\babout (?:my|our|the) (?:\w+ ){0,2}(?:appointments?|sessions?|bookings?|account|data)\b",
    ),
    "human": any_of(
        r"\b(?:speak|talk|chat|spoken|talking|speaking)\b[^.?!]{0,20}\b(?:human|person|people|someone|somebody|agent|"
        r"representative|rep|staff|manager|owner|supervisor|reception\w*|operator|employee|team|worker|advisor|"
        r"colleague|cleaners?|boss|one of you|customer service|room service|mechanic|stylist|"
        r"therapist)\b(?!.*\bpolicy\b)",
        r"\b(?:speak|talk) (?:to|with) (?!my\b|him\b|her\b|you\b|them\b|it\b|this\b|that\b|us\b|someone\b|somebody\b|"
        r"each\b|a (?:bot|robot|machine|computer)\b)\w+",
        r"\b(?:real|actual|live|human) (?:person|human|agent|being|people|operator|representative)\b",
        r"\b(?:connect|transfer|put|pass|switch|forward|direct|patch) me (?:through |over |on )?(?:to|with)?\b",
        r"\b(?:get|give|find) me (?:a|an|the|your|some) (?:\w+ )?(?:human|person|manager|agent|representative|"
        r"supervisor|"
        r"owner|member of staff|employee)\b",
        r"\b(?:human|agent|representative|operator|person|manager)(?: please| now)?[.!]*$(?<!to person)"
        r"(?<!in person)(?<!in-person)(?<!per person)(?<!one person)",
        r"\bcustomer (?:service|support|care)\b",
        r"\b(?:want|need|like|prefer|rather have) (?:a|an|the|to see the|some) (?:\w+ )?(?:human|manager|"
        r"representative|"
        r"supervisor|human being)\b",
        r"\bcall me (?:back|please|later|asap)\b",
        r"\b(?:can|could|will|would) (?:you|someone|somebody|anyone|any ?body) (?:please |just )?"
        r"(?:call|phone|ring) me\b(?! off)",
        r"\bdon't want to (?:talk|chat|speak) (?:to|with) (?:you|a (?:bot|robot|machine|computer))\b",
        r"\b(?:this|it|that|conversation|chat|bot)\b[^.?!]{0,15}\b(?:isn't|is not|not) (?:working|helping|helpful)\b",
        r"\b(?:so|really|very|is|quite) (?:frustrating|annoying)\b(?!.*\bthanks\b)",
    ),
}
