"""English: small vocabularies."""

from __future__ import annotations


def words(listed: str) -> frozenset[str]:
    """The words of a space-separated list."""
    return frozenset(listed.split())


NUMBERS = {
    word: number
    for number, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    )
}
ORDINALS = {
    "first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3,
    "fifth": 4, "5th": 4, "sixth": 5, "6th": 5, "last": -1, "latest": -1, "earliest": 0, "soonest": 0,
    "as early as possible": 0, "as early as you have": 0, "as early as you can": 0,
    "later": -1, "earlier": 0, "middle": 1, "top": 0, "bottom": -1, "former": 0, "latter": -1,
}  # fmt: skip
SYNONYMS = {
    "trim": "haircut", "cut": "haircut", "color": "colour", "coloring": "colour", "colouring": "colour",
    "dye": "colour", "dyed": "colour", "coloured": "colour", "colored": "colour", "blowdry": "blow dry",
    "blowout": "blow dry",
    "bangs": "fringe",
    "nails": "manicure", "checkup": "examination", "cleaning": "cleaning", "counselling": "counseling",
    "counsellor": "counselor", "photos": "photo", "pictures": "photo", "photoshoot": "photo session",
    "shoot": "session", "facial": "skincare", "gp": "general practitioner", "shot": "vaccination",
    "jab": "vaccination", "married": "wedding", "marry": "wedding", "marrying": "wedding",
    **dict.fromkeys(
        ("kid", "kids", "child", "children", "toddler", "toddlers", "boy", "boys", "girl", "girls", "son",
         "sons", "daughter", "daughters"),
        "kid kids child children",
    ),
    "single": "individual", "psychotherapy": "therapy",
    "dr": "doctor", "doc": "doctor", "gynaecologist": "gynecologist",
}  # fmt: skip

# What services for two are called.
COUPLES = words("couple couples partner partners relationship marriage")
# Words that say nothing by themselves: what is left without them tells whether a line is about something else.
FILLER = words(
    "test testing chance chances hope fit squeeze round photographer photographers photograph hairdresser hairdressers "
    "barber stylist "
    "k kk still right same try check whatever whichever dunno exactly precisely currently damn "
    "a an the and or of for to in on at by with from about as it its is are was be been i i'm i'd i'll ive me my "
    "mine we us our you your yours they them their he she his her this that these those there here one ones some "
    "any please pls thanks thank hi hello hey ok okay yes yeah yep no sure well so just only also then than too "
    "very really can could would will may might should do does did have has had get got give take make let lets "
    "let's want need like book booking schedule appointment appointments reservation slot slots time times day "
    "date available free something anything everything come go see visit visiting new next around ish if when "
    "what which who how much many more another other else not don't nt maybe actually instead sorry oh um uh hmm "
    "set up out help looking look find wanna gonna wish love prefer would've mind possible possibly works work "
    "suits fine good great perfect best ideally hopefully place salon shop studio office clinic service session "
    "viewing people person visit's im id am pm again what's whats where's who's how's that's thats it's there's "
    "i've you're we're they're isn't aren't can't couldn't wouldn't btw usually kind sort bit little lot today's"
)
# Words in names that say which of its kind, and of themselves name nothing.
QUALIFIERS = words("full half whole quick long short express mini basic simple standard regular complete deluxe")
WHEN_WORDS = words(
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed weds thu thur thurs fri sat sun "
    "mondays tuesdays wednesdays thursdays fridays saturdays sundays today tomorrow tonight yesterday weekend "
    "weekday weekdays week weeks month months january february march april may june july august september october "
    "november december jan feb mar apr jun jul aug sep sept oct nov dec morning mornings afternoon afternoons "
    "evening evenings night noon midday midnight lunch lunchtime o'clock oclock half quarter past after before "
    "between until till am pm a.m p.m a.m. p.m. early earlier earliest late later latest soon sooner soonest asap "
    "now this next coming following first second third fourth fifth sixth seventh eighth ninth tenth eleventh "
    "twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth "
    "thirty fifteen twenty forty one two three four five six seven eight nine ten eleven twelve anytime ish tmrw "
    "tmr hour hours minutes days end beginning start year christmas easter sometime someday"
)
# What the patterns for prices, hours, addresses and the like are about: no question of its own is left in them.
TOPIC_WORDS = words(
    "phone telephone number contact address email mail located location directions where hours opening open closed "
    "include includes included including "
    "price prices cost costs charge fee fees services service treatments menu offer offers provide long duration "
    "policy policies name bot robot human still tell know move"
)
# Whom and what a service is for, as it is said where its price is asked.
PRICE_WORDS = TOPIC_WORDS | words(
    "long short medium hair man men woman women male female gents ladies adult adults kid kids child children boy boys "
    "girl girls teen teens teenager teenagers baby student students senior seniors pensioner pensioners person people "
    "guest guests couple couples family families husband wife son daughter mother father friend total all altogether "
    "usual normal normally average roughly approximately range starting start basic simple regular standard full whole "
    "half extra less cheap cheaper cheapest expensive affordable package packages dollars euros pounds bucks usd eur "
    "gbp currently exactly each per everything stuff thing things type types kind different first visit beginner "
    "rates rate owe pay paying paid charged charging cash quote tariff tariffs amount bill final last lasts run length "
    "session sessions tax taxes included including including treatment list roots ends thick thin curly"
)
NOT_NAMES = (
    FILLER
    | WHEN_WORDS
    | words(
        "but care mind matter know tell said say think guess idk dont didnt cant wont isnt doesnt why because nothing "
        "none nope nah yup lol haha wait hold stop hang second minute moment question price cost kid change cancel "
        "move name mail phone already told before repeat online first last whom is interested meeting going trying "
        "thinking hoping planning calling writing wondering available busy sick ill late afraid getting having "
        "feeling doing based from free happy good fine okay done sure able ready new back not at allergic pregnant "
        "disabled celebrating turning married visiting staying moving coming still really very so about under over "
        "due curious confused lost tired frustrated angry sad stuck serious hungry human nobody someone dear sir "
        "madam you me him her them myself himself herself friend mother father mom mum dad wife husband son "
        "daughter kid kids baby boyfriend girlfriend partner sister brother boss cash card example men women girls "
        "bye goodbye byebye cya ttyl nvm wtf omg bro dude mate whatever refund "
        "boys two three kidding joking working saying asking using traveling travelling out off in on"
    )
)
# Words that are first names as well: names where nothing but a name was asked for.
ALSO_NAMES = words("will may april june august jan art rich bill mark may sun max guy miles")
# Small words inside family names.
PARTICLES = words(
    "de da do dos das di del della van von der den ter ten la le las los el al bin ibn ben bint y e zu af av"
)
